import { type Matcher, type SampleStore, type SeriesSamples, seriesKey } from '@labkeeper/core';
import { CounterBins } from './counter-bins.js';
import { fillPercent, mountOf, oneMountPerDevice } from './disks.js';
import { GaugeBins } from './gauge-bins.js';
import { SUMMARISED_BINS_MS, summarisedColumns } from './history-columns.js';
import {
  CPU_SECONDS,
  DISK_AVAILABLE,
  DISK_FREE,
  DISK_NAMES,
  DISK_SIZE,
  IDLE_ONLY,
  isDisk,
  LOAD_1,
  MEMORY_AVAILABLE,
  MEMORY_TOTAL,
  NETWORK_NAMES,
  named,
  ofServer,
  PHYSICAL_ONLY,
  RECEIVED,
  TRANSMITTED,
} from './server-series.js';
import { endOfBins, type TimeBins } from './time-bins.js';

/** A server's figures over time; one value per bin, NaN where nothing is known. */
export interface ServerHistory {
  readonly cpuPercent: Float64Array;
  readonly memoryPercent: Float64Array;
  /** Of the root file system, or of the fullest where there is no root. */
  readonly diskPercent: Float64Array;
  readonly load1m: Float64Array;
  readonly receivedPerSecond: Float64Array;
  readonly transmittedPerSecond: Float64Array;
  /** Fill level by mount point. */
  readonly disks: ReadonlyMap<string, Float64Array>;
}

/** How far before the span a counter's reading is looked for, so that the first bin has a rate too. */
const LOOK_BACK_MS = 300_000;

/** Samples are read in pieces of a day, so that a month of one server needs no more memory than that. */
const PIECE_MS = 86_400_000 + LOOK_BACK_MS;

/** Reads what a server's charts need, and only that. */
export async function serverHistory(
  store: SampleStore,
  serverId: string,
  bins: TimeBins,
): Promise<ServerHistory> {
  const sums = new HistorySums(bins);
  const endMs = endOfBins(bins) - 1;
  const isSummarised = bins.stepMs >= SUMMARISED_BINS_MS;
  const pieceMs = isSummarised ? Number.POSITIVE_INFINITY : PIECE_MS;
  for (let fromMs = bins.fromMs - LOOK_BACK_MS; fromMs <= endMs; fromMs += pieceMs) {
    const toMs = Math.min(endMs, fromMs + pieceMs - 1);
    const columns = (...matchers: Matcher[]) => {
      const wanted = [ofServer(serverId), ...matchers];
      return isSummarised
        ? summarisedColumns(store, wanted, fromMs, toMs)
        : store.select(wanted, fromMs, toMs);
    };
    const [cpu, network, gauges] = await Promise.all([
      columns(named(CPU_SECONDS), IDLE_ONLY),
      columns(named(...NETWORK_NAMES), PHYSICAL_ONLY),
      columns(named(MEMORY_TOTAL, MEMORY_AVAILABLE, LOAD_1, ...DISK_NAMES)),
    ]);
    for (const samples of cpu) sums.addCpu(samples);
    for (const samples of network) sums.addNetwork(samples);
    for (const samples of gauges) sums.addGauge(samples);
  }
  return sums.history();
}

/** What has been read so far, as sums per bin. */
class HistorySums {
  readonly #bins: TimeBins;
  readonly #idle: CounterBins;
  /** Devices by direction: their rates are added up, so each needs its own. */
  readonly #network = new Map<string, { readonly name: string; readonly bins: CounterBins }>();
  readonly #gauges = new Map<string, { readonly samples: SeriesSamples; readonly bins: GaugeBins }>();

  constructor(bins: TimeBins) {
    this.#bins = bins;
    this.#idle = new CounterBins(bins);
  }

  addCpu({ series, timesMs, values }: SeriesSamples): void {
    this.#idle.add({ key: seriesKey(series.name, series.labels), timesMs, values });
  }

  addNetwork({ series, timesMs, values }: SeriesSamples): void {
    const key = seriesKey(series.name, series.labels);
    let device = this.#network.get(key);
    if (!device) {
      device = { name: series.name, bins: new CounterBins(this.#bins) };
      this.#network.set(key, device);
    }
    device.bins.add({ key, timesMs, values });
  }

  addGauge(samples: SeriesSamples): void {
    const { name, labels } = samples.series;
    if (name.startsWith('node_filesystem_') && !isDisk(labels)) return;
    const key = seriesKey(name, labels);
    let gauge = this.#gauges.get(key);
    if (!gauge) {
      gauge = { samples, bins: new GaugeBins(this.#bins) };
      this.#gauges.set(key, gauge);
    }
    gauge.bins.add(samples);
  }

  history(): ServerHistory {
    const disks = this.#disks();
    const total = this.#gauge(MEMORY_TOTAL);
    const available = this.#gauge(MEMORY_AVAILABLE);
    return {
      cpuPercent: this.#idle.perSecond().map((idle) => Math.min(100, Math.max(0, 100 - 100 * idle))),
      memoryPercent: total.map((bytes, bin) => 100 * (1 - (available[bin] as number) / bytes)),
      diskPercent: disks.get('/') ?? this.#fullest(disks),
      load1m: this.#gauge(LOAD_1),
      receivedPerSecond: this.#traffic(RECEIVED),
      transmittedPerSecond: this.#traffic(TRANSMITTED),
      disks,
    };
  }

  /** Means of the first series of this name; a machine has only one. */
  #gauge(name: string): Float64Array {
    for (const { samples, bins } of this.#gauges.values())
      if (samples.series.name === name) return bins.means();
    return this.#unknown();
  }

  /** Sum over devices. A bin is unknown only when it is for every device: one may have been plugged in later. */
  #traffic(name: string): Float64Array {
    const sum = this.#unknown();
    for (const device of this.#network.values()) {
      if (device.name !== name) continue;
      device.bins.perSecond().forEach((rate, bin) => {
        const before = sum[bin] as number;
        if (!Number.isNaN(rate)) sum[bin] = Number.isNaN(before) ? rate : before + rate;
      });
    }
    return sum;
  }

  #disks(): Map<string, Float64Array> {
    const found = [...this.#gauges.values()]
      .filter(({ samples }) => samples.series.name === DISK_SIZE)
      .map(({ samples, bins }) => ({
        labels: samples.series.labels,
        mount: mountOf(samples.series.labels),
        size: bins.means(),
      }));
    return new Map(
      oneMountPerDevice(found).map(({ labels, mount, size }) => {
        const free = this.#gauges.get(seriesKey(DISK_FREE, labels))?.bins.means() ?? this.#unknown();
        const available =
          this.#gauges.get(seriesKey(DISK_AVAILABLE, labels))?.bins.means() ?? this.#unknown();
        const percent = size.map((bytes, bin) =>
          fillPercent({ size: bytes, free: free[bin] as number, available: available[bin] as number }),
        );
        return [mount.mountpoint, percent];
      }),
    );
  }

  #fullest(disks: ReadonlyMap<string, Float64Array>): Float64Array {
    const highest = this.#unknown();
    for (const percents of disks.values()) {
      percents.forEach((percent, bin) => {
        if (!(percent <= (highest[bin] as number)) && !Number.isNaN(percent)) highest[bin] = percent;
      });
    }
    return highest;
  }

  #unknown(): Float64Array {
    return new Float64Array(this.#bins.count).fill(Number.NaN);
  }
}
