/** Data over which one rule of the roadmap fires, and data over which it does not. Series in promtool's notation, a value per minute. */
export interface RoadmapCase {
  readonly alert: string;
  readonly fires: Readonly<Record<string, string>>;
  readonly quiet: Readonly<Record<string, string>>;
  /** When both are looked at. */
  readonly at: string;
  /** Labels that the alert has from its series. */
  readonly labels: Readonly<Record<string, string>>;
  /** What stands in its texts for the value. */
  readonly value?: string;
  /** One of its texts holds the template of another program, which no Prometheus can expand either: only whether it fires is looked at. */
  readonly hasForeignTemplate?: boolean;
}

const HOST = { instance: 'node:9100' };
const ADDON = { instance: 'ha:8123' };

const addonCase = (alert: string, addon: string, at: string): RoadmapCase => {
  const series = `homeassistant_addon_state{addon="${addon}",instance="ha:8123"}`;
  return {
    alert,
    fires: { [series]: '1x2 0x20' },
    // Another addon may be down.
    quiet: { [series]: '1x20', 'homeassistant_addon_state{addon="other"}': '0x20' },
    at,
    labels: { ...ADDON, addon },
  };
};

/** One for each rule of section 7 of the roadmap, in its order. */
export const ROADMAP_CASES: readonly RoadmapCase[] = [
  {
    alert: 'JarvisDown',
    fires: { 'up{job="jarvis",instance="j:1"}': '1x2 0x10' },
    // A minute is too short.
    quiet: { 'up{job="jarvis",instance="j:1"}': '1x4 0 1x5', 'up{job="another"}': '0x10' },
    at: '6m',
    labels: { job: 'jarvis', instance: 'j:1' },
  },
  {
    alert: 'JarvisHighEscalationRate',
    fires: {
      'jarvis_remediation_total{status="escalated"}': '0+3x200',
      'jarvis_remediation_total{status="fixed"}': '0+1x200',
    },
    quiet: {
      'jarvis_remediation_total{status="escalated"}': '0+1x200',
      'jarvis_remediation_total{status="fixed"}': '0+3x200',
    },
    at: '130m',
    labels: {},
  },
  {
    alert: 'JarvisDatabaseDown',
    fires: { 'jarvis_database_connected{instance="j:1"}': '0x20' },
    quiet: { 'jarvis_database_connected{instance="j:1"}': '0x3 1x20' },
    at: '7m',
    labels: { instance: 'j:1' },
  },
  {
    alert: 'JarvisClaudeAPIErrors',
    fires: { 'jarvis_claude_api_calls_total{status="error"}': '0+1x60' },
    quiet: {
      'jarvis_claude_api_calls_total{status="error"}': '0+0.25x60',
      'jarvis_claude_api_calls_total{status="success"}': '0+9x60',
    },
    at: '40m',
    labels: { status: 'error' },
  },
  addonCase('Zigbee2MQTTDown', 'zigbee2mqtt', '10m'),
  addonCase('MQTTBrokerDown', 'mosquitto', '10m'),
  {
    alert: 'HighPacketLoss',
    fires: {
      'node_network_transmit_drop_total{instance="node:9100",device="eth0"}': '0+2x60',
      'node_network_transmit_packets_total{instance="node:9100",device="eth0"}': '0+100x60',
    },
    quiet: {
      'node_network_transmit_drop_total{instance="node:9100",device="eth0"}': '0+1x60',
      'node_network_transmit_packets_total{instance="node:9100",device="eth0"}': '0+1000x60',
    },
    at: '30m',
    labels: { ...HOST, device: 'eth0' },
  },
  {
    alert: 'DNSResolutionSlow',
    fires: { 'probe_dns_lookup_time_seconds{instance="dns"}': '0.75x20' },
    quiet: { 'probe_dns_lookup_time_seconds{instance="dns"}': '0.5x20' },
    at: '8m',
    labels: { instance: 'dns' },
  },
  {
    alert: 'MemoryExhaustionPredicted',
    fires: { 'node_memory_MemAvailable_bytes{instance="node:9100"}': '50000-100x400' },
    quiet: { 'node_memory_MemAvailable_bytes{instance="node:9100"}': '50000+0x400' },
    at: '6h',
    labels: HOST,
    hasForeignTemplate: true,
  },
  {
    alert: 'DiskExhaustionPredicted',
    fires: {
      'node_filesystem_avail_bytes{instance="node:9100",fstype="ext4",mountpoint="/"}':
        '100000000000-100000000x200',
    },
    // What lies in memory may fill up.
    quiet: {
      'node_filesystem_avail_bytes{instance="node:9100",fstype="ext4",mountpoint="/"}': '100000000000x200',
      'node_filesystem_avail_bytes{instance="node:9100",fstype="tmpfs",mountpoint="/run"}':
        '100000000000-100000000x200',
    },
    at: '2h',
    labels: { ...HOST, fstype: 'ext4', mountpoint: '/' },
  },
  {
    alert: 'ContainerMemoryLeak',
    fires: { 'container_memory_working_set_bytes{name="web"}': '2000000000+1200000000x220' },
    // It grows as fast, but has no name.
    quiet: { 'container_memory_working_set_bytes{name=""}': '2000000000+1200000000x220' },
    at: '200m',
    labels: { name: 'web' },
    value: '20M',
  },
  {
    alert: 'UPSOnBattery',
    fires: { 'network_ups_tools_ups_status{flag="OB"}': '1x10' },
    quiet: {
      'network_ups_tools_ups_status{flag="OB"}': '0x10',
      'network_ups_tools_ups_status{flag="OL"}': '1x10',
    },
    at: '3m',
    labels: { flag: 'OB' },
  },
  {
    alert: 'UPSLowBattery',
    fires: { 'network_ups_tools_battery_charge{ups="one"}': '15x10' },
    quiet: { 'network_ups_tools_battery_charge{ups="one"}': '20x10' },
    at: '4m',
    labels: { ups: 'one' },
    value: '15',
  },
  {
    alert: 'UPSBatteryNeedsReplacement',
    fires: { 'network_ups_tools_battery_charge_low{ups="one"}': '60x90' },
    quiet: { 'network_ups_tools_battery_charge_low{ups="one"}': '10x90' },
    at: '70m',
    labels: { ups: 'one' },
  },
  {
    alert: 'DockerDaemonUnresponsive',
    fires: { 'container_last_seen{instance="node:8080",name="web"}': '0x20' },
    quiet: { 'container_last_seen{instance="node:8080",name="web"}': '0+60x20' },
    at: '8m',
    labels: { instance: 'node:8080', name: 'web' },
  },
  {
    alert: 'TooManyContainerRestarts',
    fires: { 'container_restart_count{name="web"}': '0+1x100' },
    quiet: { 'container_restart_count{name="web"}': '0x50 1x50' },
    at: '80m30s',
    labels: { name: 'web' },
    value: '60',
  },
];
