import type { RulePack } from '@labkeeper/core';

/** File systems that are always full, or only look like disks. */
const NO_DISKS = 'tmpfs|ramfs|squashfs|overlay|iso9660|erofs|efivarfs|nsfs|fuse.*';

/** Share of a file system that nobody but root can still write to, in percent. Full ones, as `df` shows them. */
const DISK_USED = `100 - 100 * node_filesystem_avail_bytes{fstype!~"${NO_DISKS}"} / node_filesystem_size_bytes`;

/**
 * What people want to know of any server, before they have written a rule. The figures are those of the product's first design;
 * `/api/v1/config/thresholds` changes them.
 */
export const defaultRules: RulePack = {
  name: 'defaults',
  summary: 'Disks that fill up, memory and CPU at their limits, servers that are no longer heard of.',
  parameters: {
    disk_warning_percent: { description: 'A disk that is fuller than this is worth a look.', default: 80 },
    disk_critical_percent: { description: 'A disk that is fuller than this is an emergency.', default: 90 },
    memory_warning_percent: { description: 'Memory in use, without caches.', default: 85 },
    cpu_warning_percent: { description: 'All cores together, over five minutes.', default: 90 },
    server_offline_seconds: {
      description: 'A server that was not heard of for so long is offline.',
      default: 180,
    },
  },
  rules: `groups:
  - name: disks
    interval: 30s
    rules:
      - alert: DiskCritical
        expr: (${DISK_USED}) >= {{param "disk_critical_percent"}}
        for: 1m
        labels: { severity: critical, type: disk_critical }
        annotations:
          summary: '{{ $labels.mountpoint }} on {{ $labels.instance }} is {{ printf "%.0f" $value }} % full'
          description: 'Nothing can be written when it is full. The limit is {{param "disk_critical_percent"}} %.'
      - alert: DiskWarning
        expr: ((${DISK_USED}) >= {{param "disk_warning_percent"}}) < {{param "disk_critical_percent"}}
        for: 5m
        labels: { severity: medium, type: disk_warning }
        annotations:
          summary: '{{ $labels.mountpoint }} on {{ $labels.instance }} is {{ printf "%.0f" $value }} % full'
          description: 'Worth a look before it is full. The limit is {{param "disk_warning_percent"}} %.'
  - name: memory_and_cpu
    interval: 30s
    rules:
      - alert: MemoryWarning
        expr: 100 - 100 * node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes >= {{param "memory_warning_percent"}}
        for: 5m
        labels: { severity: medium, type: memory_warning }
        annotations:
          summary: '{{ printf "%.0f" $value }} % of the memory of {{ $labels.instance }} is in use'
          description: 'Caches are not counted. The limit is {{param "memory_warning_percent"}} %.'
      - alert: CpuWarning
        expr: 100 - 100 * avg by (job, instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) >= {{param "cpu_warning_percent"}}
        for: 10m
        labels: { severity: medium, type: cpu_warning }
        annotations:
          summary: 'The CPU of {{ $labels.instance }} is {{ printf "%.0f" $value }} % busy'
          description: 'All cores together, for ten minutes. The limit is {{param "cpu_warning_percent"}} %.'
  - name: servers
    interval: 15s
    rules:
      - alert: ServerOffline
        expr: time() - labkeeper_entity_last_seen_timestamp_seconds{kind="server"} >= {{param "server_offline_seconds"}}
        labels: { severity: critical, type: server_offline }
        annotations:
          summary: '{{ $labels.instance }} is offline'
          description: 'Nothing was heard of it for {{ humanizeDuration $value }}.'
`,
};
