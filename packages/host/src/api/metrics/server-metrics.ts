import { fillPercent, type Mount, mountOf, oneMountPerDevice } from './disks.js';
import type { LastSamples } from './latest-series.js';
import {
  BOOT_TIME,
  CPU_SECONDS,
  DISK_AVAILABLE,
  DISK_FREE,
  DISK_SIZE,
  LOAD_1,
  LOAD_5,
  LOAD_15,
  MEMORY_AVAILABLE,
  MEMORY_TOTAL,
  RECEIVED,
  TRANSMITTED,
} from './server-series.js';

/** One file system, in bytes and percent. */
export interface DiskMetrics extends Mount {
  readonly percent: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** A server's figures at one time. NaN: not known. */
export interface ServerMetrics {
  readonly timeMs: number;
  readonly cpuPercent: number;
  readonly memoryUsedBytes: number;
  readonly memoryTotalBytes: number;
  /** The root file system, or the fullest where there is no root. */
  readonly disk: DiskMetrics | undefined;
  readonly disks: readonly DiskMetrics[];
  readonly receivedBytes: number;
  readonly transmittedBytes: number;
  readonly receivedPerSecond: number;
  readonly transmittedPerSecond: number;
  readonly load1m: number;
  readonly load5m: number;
  readonly load15m: number;
  readonly bootTimeMs: number;
}

/** The figures out of the last samples of a server's series; undefined when there are none. */
export function serverMetrics(samples: readonly LastSamples[]): ServerMetrics | undefined {
  if (samples.length === 0) return undefined;
  const byName = new Map<string, LastSamples[]>();
  for (const slot of samples) {
    const same = byName.get(slot.series.name);
    if (same) same.push(slot);
    else byName.set(slot.series.name, [slot]);
  }
  const all = (name: string): readonly LastSamples[] => byName.get(name) ?? [];
  const value = (name: string): number => byName.get(name)?.[0]?.lastValue ?? Number.NaN;
  const disks = disksOf(all);
  const totalBytes = value(MEMORY_TOTAL);
  return {
    timeMs: Math.max(...samples.map(({ lastMs }) => lastMs)),
    cpuPercent: cpuPercent(all(CPU_SECONDS)),
    memoryTotalBytes: totalBytes,
    memoryUsedBytes: totalBytes - value(MEMORY_AVAILABLE),
    disk: disks.find(({ mountpoint }) => mountpoint === '/') ?? fullest(disks),
    disks,
    receivedBytes: sumOf(all(RECEIVED), ({ lastValue }) => lastValue),
    transmittedBytes: sumOf(all(TRANSMITTED), ({ lastValue }) => lastValue),
    receivedPerSecond: sumOf(all(RECEIVED), perSecond),
    transmittedPerSecond: sumOf(all(TRANSMITTED), perSecond),
    load1m: value(LOAD_1),
    load5m: value(LOAD_5),
    load15m: value(LOAD_15),
    bootTimeMs: value(BOOT_TIME) * 1_000,
  };
}

/** The share of time in which the CPUs were not idle between the last two samples. */
function cpuPercent(idle: readonly LastSamples[]): number {
  const rates = idle.map(perSecond).filter((rate) => !Number.isNaN(rate));
  if (rates.length === 0) return Number.NaN;
  const idleShare = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return Math.min(100, Math.max(0, 100 - 100 * idleShare));
}

/** Growth per second between the last two samples; a counter that was reset has grown from zero. */
function perSecond({ lastMs, lastValue, beforeMs, beforeValue }: LastSamples): number {
  const growth = lastValue >= beforeValue ? lastValue - beforeValue : lastValue;
  const seconds = (lastMs - beforeMs) / 1_000;
  return Number.isFinite(seconds) && !Number.isNaN(beforeValue) ? growth / seconds : Number.NaN;
}

/** NaN when it is not known for any. */
function sumOf(samples: readonly LastSamples[], figure: (slot: LastSamples) => number): number {
  const known = samples.map(figure).filter((number) => !Number.isNaN(number));
  return known.length === 0 ? Number.NaN : known.reduce((sum, number) => sum + number, 0);
}

function disksOf(all: (name: string) => readonly LastSamples[]): readonly DiskMetrics[] {
  const find = (name: string, size: LastSamples) =>
    all(name).find((slot) => isSameMount(slot, size))?.lastValue ?? Number.NaN;
  const found = all(DISK_SIZE).map((slot) => ({ slot, mount: mountOf(slot.series.labels) }));
  return oneMountPerDevice(found).map(({ slot, mount }) => {
    const size = slot.lastValue;
    const free = find(DISK_FREE, slot);
    const percent = fillPercent({ size, free, available: find(DISK_AVAILABLE, slot) });
    return { ...mount, percent, usedBytes: size - free, totalBytes: size };
  });
}

function isSameMount(a: LastSamples, b: LastSamples): boolean {
  const [left, right] = [a.series.labels, b.series.labels];
  return left.mountpoint === right.mountpoint && left.device === right.device;
}

function fullest(disks: readonly DiskMetrics[]): DiskMetrics | undefined {
  return disks.reduce<DiskMetrics | undefined>(
    (most, disk) => (most && most.percent >= disk.percent ? most : disk),
    undefined,
  );
}
