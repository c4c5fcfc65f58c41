import { type Static, Type } from '@labkeeper/core';
import { nullable, shape, time } from '../schemas/shape.js';
import type { DiskMetrics, ServerMetrics } from './server-metrics.js';

/** A gigabyte in these figures, as S2's agents counted and as most tools print: 1024³ bytes. */
const BYTES_PER_GB = 1_024 ** 3;

const percent = (description: string) => nullable(Type.Number({ description }));
const gigabytes = () => nullable(Type.Number({ description: 'In units of 1024³ bytes.' }));
const figure = (description: string) => nullable(Type.Number({ description }));

const diskShape = shape('DiskMetrics', {
  mountpoint: Type.String(),
  device: Type.String(),
  filesystem: Type.String(),
  percent: percent('Used, of what people may use; as df says it.'),
  used_gb: gigabytes(),
  total_gb: gigabytes(),
});

export const metricsShape = shape('Metrics', {
  timestamp: time('When the newest of these figures was measured.'),
  cpu_percent: percent('Share of time in which the CPUs were not idle, between the last two measurements.'),
  memory_percent: percent('Memory that is not available to programs.'),
  memory_used_gb: gigabytes(),
  memory_total_gb: gigabytes(),
  disk_percent: percent('Of the root file system, or of the fullest where there is no root.'),
  disk_used_gb: gigabytes(),
  disk_total_gb: gigabytes(),
  network_rx_bytes: figure('Received since the machine started, all physical devices.'),
  network_tx_bytes: figure('Transmitted since the machine started, all physical devices.'),
  network_rx_bytes_per_second: figure('Between the last two measurements.'),
  network_tx_bytes_per_second: figure('Between the last two measurements.'),
  load_1m: figure('Load average of one minute.'),
  load_5m: figure('Load average of five minutes.'),
  load_15m: figure('Load average of fifteen minutes.'),
  uptime_seconds: nullable(Type.Integer()),
  boot_time: nullable(time()),
  disks: Type.Array(diskShape),
});

export type MetricsView = Static<typeof metricsShape>;

/** Figures as they travel. */
export function metricsView(metrics: ServerMetrics): MetricsView {
  const { disk, memoryTotalBytes, memoryUsedBytes, timeMs, bootTimeMs } = metrics;
  return {
    timestamp: new Date(timeMs).toISOString(),
    cpu_percent: rounded(metrics.cpuPercent, 1),
    memory_percent: rounded((100 * memoryUsedBytes) / memoryTotalBytes, 1),
    memory_used_gb: rounded(memoryUsedBytes / BYTES_PER_GB, 2),
    memory_total_gb: rounded(memoryTotalBytes / BYTES_PER_GB, 2),
    disk_percent: disk ? rounded(disk.percent, 1) : null,
    disk_used_gb: disk ? rounded(disk.usedBytes / BYTES_PER_GB, 2) : null,
    disk_total_gb: disk ? rounded(disk.totalBytes / BYTES_PER_GB, 2) : null,
    network_rx_bytes: rounded(metrics.receivedBytes, 0),
    network_tx_bytes: rounded(metrics.transmittedBytes, 0),
    network_rx_bytes_per_second: rounded(metrics.receivedPerSecond, 0),
    network_tx_bytes_per_second: rounded(metrics.transmittedPerSecond, 0),
    load_1m: rounded(metrics.load1m, 2),
    load_5m: rounded(metrics.load5m, 2),
    load_15m: rounded(metrics.load15m, 2),
    uptime_seconds: rounded((timeMs - bootTimeMs) / 1_000, 0),
    boot_time: Number.isFinite(bootTimeMs) ? new Date(bootTimeMs).toISOString() : null,
    disks: metrics.disks.map(diskView),
  };
}

function diskView({
  mountpoint,
  device,
  filesystem,
  percent,
  usedBytes,
  totalBytes,
}: DiskMetrics): MetricsView['disks'][number] {
  return {
    mountpoint,
    device,
    filesystem,
    percent: rounded(percent, 1),
    used_gb: rounded(usedBytes / BYTES_PER_GB, 2),
    total_gb: rounded(totalBytes / BYTES_PER_GB, 2),
  };
}

/** JSON knows no NaN: what is not known is null. */
export function rounded(value: number, digits: number): number | null {
  if (!Number.isFinite(value)) return null;
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
