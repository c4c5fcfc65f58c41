import type { Labels } from '@labkeeper/core';

/** How a series moves from one step to the next. Amounts are in units of its last place: `per` says how many of them make 1. */
export type Shape =
  | { readonly kind: 'constant'; readonly value: number }
  /** Grows by so many units a step on average, more under load. Begins at 0 when its host boots. */
  | { readonly kind: 'counter'; readonly perStep: number; readonly per: number }
  /** Moves by at most so many units, in half of the steps, around a level. */
  | { readonly kind: 'gauge'; readonly level: number; readonly move: number; readonly per: number }
  /** Durations, each on its own: at least `least`, with a long tail. */
  | { readonly kind: 'noise'; readonly least: number; readonly tail: number; readonly per: number };

/** One series of each host. */
export interface SeriesPlan {
  readonly name: string;
  readonly labels: Labels;
  readonly shape: Shape;
}

/** The series that queries over several devices of all hosts read: four on each host. */
export const TEMPERATURE = 'node_hwmon_temp_celsius';
/** The series that queries of one host read. */
export const LOAD = 'node_load1';

/** Kernels count memory in pages: a unit is 4,096 bytes. */
const PAGES = 1 / 4_096;

const constant = (value: number): Shape => ({ kind: 'constant', value });
const counter = (perStep: number, per = 1): Shape => ({ kind: 'counter', perStep, per });
const gauge = (level: number, move: number, per = 1): Shape => ({ kind: 'gauge', level, move, per });
const noise = (least: number, tail: number): Shape => ({ kind: 'noise', least, tail, per: 1e6 });

function each(name: string, label: string, shapes: Readonly<Record<string, Shape>>): SeriesPlan[] {
  return Object.entries(shapes).map(([value, shape]) => ({ name, labels: { [label]: value }, shape }));
}

function plain(shapes: Readonly<Record<string, Shape>>): SeriesPlan[] {
  return Object.entries(shapes).map(([name, shape]) => ({ name, labels: {}, shape }));
}

function cpuPlans(cpu: string): SeriesPlan[] {
  const shapes = { idle: counter(890, 100), user: counter(70, 100), system: counter(30, 100) };
  return each('node_cpu_seconds_total', 'mode', { ...shapes, iowait: counter(0.4, 100) }).map((plan) => ({
    ...plan,
    labels: { ...plan.labels, cpu },
  }));
}

function networkPlans(direction: string): SeriesPlan[] {
  const name = (what: string) => `node_network_${direction}_${what}_total`;
  return [
    ...each(name('bytes'), 'device', { eth0: counter(2e5), lo: counter(3e3) }),
    ...each(name('packets'), 'device', { eth0: counter(300), lo: counter(20) }),
    ...each(name('errs'), 'device', { eth0: constant(0), lo: constant(0) }),
  ];
}

/** What node_exporter says of a small server, cut to 60 series. */
export const HOST_PLANS: readonly SeriesPlan[] = [
  ...cpuPlans('0'),
  ...cpuPlans('1'),
  ...plain({ [LOAD]: gauge(120, 6, 100), node_load5: gauge(110, 2, 100), node_load15: gauge(100, 1, 100) }),
  ...plain({
    node_memory_MemTotal_bytes: constant(8_203_792_384),
    node_memory_MemFree_bytes: gauge(3e5, 400, PAGES),
    node_memory_MemAvailable_bytes: gauge(1e6, 300, PAGES),
    node_memory_Cached_bytes: gauge(6e5, 60, PAGES),
    node_memory_SwapTotal_bytes: constant(0),
  }),
  ...each('node_filesystem_size_bytes', 'mountpoint', {
    '/': constant(52_576_092_160),
    '/srv': constant(1_967_317_549_056),
  }),
  ...each('node_filesystem_avail_bytes', 'mountpoint', {
    '/': gauge(5e6, 4, PAGES),
    '/srv': gauge(2e8, 1, PAGES),
  }),
  ...plain({
    node_disk_read_bytes_total: counter(2e4),
    node_disk_written_bytes_total: counter(9e5),
    node_disk_reads_completed_total: counter(1.5),
    node_disk_writes_completed_total: counter(60),
    node_disk_io_time_seconds_total: counter(0.3, 1_000),
  }),
  ...networkPlans('receive'),
  ...networkPlans('transmit'),
  ...each(TEMPERATURE, 'sensor', {
    temp1: gauge(450, 5, 10),
    temp2: gauge(480, 5, 10),
    temp3: gauge(38, 1, 1),
    temp4: gauge(412, 2, 10),
  }),
  ...plain({
    up: constant(1),
    node_boot_time_seconds: constant(1_766_900_123),
    node_context_switches_total: counter(2e4),
    node_intr_total: counter(1e4),
    node_forks_total: counter(8),
    node_procs_running: gauge(2, 1),
    node_procs_blocked: constant(0),
    node_vmstat_pgfault: counter(5e3),
    node_vmstat_pgmajfault: counter(0.02),
    node_netstat_Tcp_CurrEstab: gauge(30, 1),
    node_sockstat_sockets_used: gauge(180, 2),
    node_filefd_allocated: gauge(1_500, 32),
    node_entropy_available_bits: constant(256),
  }),
  ...each('node_scrape_collector_duration_seconds', 'collector', {
    cpu: noise(400, 120),
    diskstats: noise(700, 300),
    filesystem: noise(900, 250),
    netdev: noise(1_100, 400),
  }),
  ...plain({ scrape_duration_seconds: noise(9_000, 3_000), scrape_samples_scraped: constant(60) }),
];
