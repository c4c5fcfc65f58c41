import type { Labels, Series } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { LatestSeries } from './latest-series.js';
import { serverHistory } from './server-history.js';
import { type ServerMetrics, serverMetrics } from './server-metrics.js';
import { asNullable, type TimeBins } from './time-bins.js';

const GB = 1_024 ** 3;
const store = () => memoryStorage().samples;

/** Rows of one series of the server `nas`, one every ten seconds from zero. */
interface Column {
  readonly name: string;
  readonly labels?: Labels;
  readonly values: readonly number[];
}

function batch(columns: readonly Column[], instance = 'nas') {
  const rows = columns.flatMap(({ name, labels = {}, values }) => {
    const series: Series = { name, labels: { ...labels, instance, job: 'node' } };
    return values.map((value, index) => ({ series, timeMs: index * 10_000, value }));
  });
  return {
    series: rows.map(({ series }) => series),
    timesMs: rows.map(({ timeMs }) => timeMs),
    values: rows.map(({ value }) => value),
  };
}

const root = { device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' };
const machine: readonly Column[] = [
  { name: 'node_cpu_seconds_total', labels: { cpu: '0', mode: 'idle' }, values: [0, 9, 18] },
  { name: 'node_cpu_seconds_total', labels: { cpu: '1', mode: 'idle' }, values: [0, 7, 14] },
  { name: 'node_cpu_seconds_total', labels: { cpu: '0', mode: 'user' }, values: [0, 500, 9_000] },
  { name: 'node_memory_MemTotal_bytes', values: [8 * GB, 8 * GB, 8 * GB] },
  { name: 'node_memory_MemAvailable_bytes', values: [6 * GB, 6 * GB, 6 * GB] },
  { name: 'node_filesystem_size_bytes', labels: root, values: [100 * GB, 100 * GB, 100 * GB] },
  { name: 'node_filesystem_free_bytes', labels: root, values: [55 * GB, 55 * GB, 55 * GB] },
  { name: 'node_filesystem_avail_bytes', labels: root, values: [45 * GB, 45 * GB, 45 * GB] },
  { name: 'node_network_receive_bytes_total', labels: { device: 'eth0' }, values: [0, 1_000, 2_000] },
  { name: 'node_network_receive_bytes_total', labels: { device: 'wlan0' }, values: [0, 500, 1_000] },
  { name: 'node_network_transmit_bytes_total', labels: { device: 'eth0' }, values: [0, 40, 80] },
  { name: 'node_load1', values: [0.5, 0.7, 0.6] },
  { name: 'node_load5', values: [0.4, 0.4, 0.4] },
  { name: 'node_load15', values: [0.3, 0.3, 0.3] },
  { name: 'node_boot_time_seconds', values: [-3_580, -3_580, -3_580] },
];
/** Devices whose bytes pass eth0 as well, and file systems that are no disks. */
const noise: readonly Column[] = [
  ...['lo', 'docker0', 'veth12ab', 'br-77aa', 'virbr0', 'eth0.10', 'vmbr0'].map((device) => ({
    name: 'node_network_receive_bytes_total',
    labels: { device },
    values: [0, 1e9, 2e9],
  })),
  {
    name: 'node_filesystem_size_bytes',
    labels: { device: 'tmpfs', fstype: 'tmpfs', mountpoint: '/run' },
    values: [GB],
  },
  {
    name: 'node_filesystem_size_bytes',
    labels: { ...root, mountpoint: '/etc/hosts' },
    values: [100 * GB, 100 * GB, 100 * GB],
  },
];

describe('the history of a server', () => {
  const bins: TimeBins = { fromMs: 0, stepMs: 30_000, count: 2 };
  const read = async (columns: readonly Column[]) => {
    const samples = store();
    await samples.append(batch(columns));
    await samples.append(batch([{ name: 'node_load1', values: [99, 99, 99] }], 'another'));
    return serverHistory(samples, 'nas', bins);
  };

  it('is made of what node_exporter measures', async () => {
    const history = await read([...machine, ...noise]);
    expect(asNullable(history.cpuPercent, 2)).toEqual([20, null]);
    expect(asNullable(history.memoryPercent, 2)).toEqual([25, null]);
    expect(asNullable(history.diskPercent, 2)).toEqual([50, null]);
    expect(asNullable(history.load1m, 2)).toEqual([0.6, null]);
    expect(asNullable(history.receivedPerSecond, 2)).toEqual([150, null]);
    expect(asNullable(history.transmittedPerSecond, 2)).toEqual([4, null]);
    expect([...history.disks.keys()]).toEqual(['/']);
  });

  it('shows the fullest disk of a machine without a root', async () => {
    const disk = (mountpoint: string, freeGb: number): readonly Column[] =>
      ['size', 'free', 'avail'].map((what) => ({
        name: `node_filesystem_${what}_bytes`,
        labels: { device: `/dev${mountpoint}`, fstype: 'ext4', mountpoint },
        values: [what === 'size' ? 100 * GB : freeGb * GB],
      }));
    const history = await read([...disk('/a', 80), ...disk('/b', 10)]);
    expect(asNullable(history.diskPercent, 2)).toEqual([90, null]);
    expect([...history.disks.keys()]).toEqual(['/a', '/b']);
  });

  it('is unknown for a machine that nobody measures', async () => {
    const history = await read([]);
    expect(asNullable(history.cpuPercent, 2)).toEqual([null, null]);
    expect(asNullable(history.diskPercent, 2)).toEqual([null, null]);
    expect(history.disks.size).toBe(0);
  });

  it('is the same when a span is longer than what is read at once', async () => {
    const samples = store();
    const rows = 12_000;
    const idle = Array.from({ length: rows }, (_, index) => index * 5);
    await samples.append(
      batch([{ name: 'node_cpu_seconds_total', labels: { cpu: '0', mode: 'idle' }, values: idle }]),
    );
    const history = await serverHistory(samples, 'nas', { fromMs: 0, stepMs: 3_600_000, count: 34 });
    // Where the samples end, a summary reaches a little beyond the last of them.
    for (const percent of history.cpuPercent) expect(Math.abs(percent - 50)).toBeLessThan(0.5);
  });
});

describe('the latest figures of a server', () => {
  const figures = (columns: readonly Column[], nowMs = 20_000): ServerMetrics | undefined => {
    const latest = new LatestSeries();
    latest.add(batch(columns));
    return serverMetrics(latest.of('nas', nowMs));
  };

  it('are those of the last two samples', () => {
    const metrics = figures([...machine, ...noise]);
    expect(metrics).toMatchObject({
      timeMs: 20_000,
      cpuPercent: 20,
      memoryUsedBytes: 2 * GB,
      memoryTotalBytes: 8 * GB,
      receivedBytes: 3_000,
      receivedPerSecond: 150,
      transmittedPerSecond: 4,
      load1m: 0.6,
      bootTimeMs: -3_580_000,
      disk: { mountpoint: '/', percent: 50, usedBytes: 45 * GB, totalBytes: 100 * GB },
    });
    expect(metrics?.disks).toHaveLength(1);
  });

  it('are unknown two minutes after the last sample', () => {
    expect(figures(machine, 140_000)).toBeDefined();
    expect(figures(machine, 140_001)).toBeUndefined();
  });

  it('have no rate after the first sample', () => {
    const first = figures(machine.map((column) => ({ ...column, values: column.values.slice(0, 1) })));
    expect(first?.cpuPercent).toBeNaN();
    expect(first?.receivedPerSecond).toBeNaN();
    expect(first?.memoryUsedBytes).toBe(2 * GB);
  });

  it('do not go back when an agent brings older samples', () => {
    const latest = new LatestSeries();
    latest.add(batch([{ name: 'node_load1', values: [1, 2, 3] }]));
    latest.add(batch([{ name: 'node_load1', values: [7] }]));
    expect(serverMetrics(latest.of('nas', 20_000))?.load1m).toBe(3);
  });

  it('are there after a restart, out of what is stored', async () => {
    const samples = store();
    await samples.append(batch(machine));
    const latest = new LatestSeries();
    await latest.load(samples, 25_000);
    expect(serverMetrics(latest.of('nas', 25_000))?.cpuPercent).toBe(20);
  });

  it('come back for a machine that was silent for long', () => {
    const latest = new LatestSeries();
    const load = batch([{ name: 'node_load1', values: [1] }]);
    latest.add(load);
    expect(latest.of('nas', 1_000_000)).toEqual([]);
    latest.add({ ...load, timesMs: [1_000_000], values: [5] });
    expect(serverMetrics(latest.of('nas', 1_000_000))?.load1m).toBe(5);
  });

  it('say which servers a batch was about', () => {
    const latest = new LatestSeries();
    expect([...latest.add(batch(machine))]).toEqual(['nas']);
    expect([...latest.add(batch([{ name: 'node_context_switches_total', values: [1] }]))]).toEqual([]);
  });
});
