import { type SampleBatch, type SampleStore, type Series, seriesKey } from '@labkeeper/core';
import {
  BOOT_TIME,
  CPU_SECONDS,
  DISK_NAMES,
  isDisk,
  LOAD_1,
  LOAD_5,
  LOAD_15,
  MEMORY_AVAILABLE,
  MEMORY_TOTAL,
  NETWORK_NAMES,
  named,
  VIRTUAL_DEVICES,
} from './server-series.js';

/** The last two samples of a series. */
export interface LastSamples {
  readonly series: Series;
  lastMs: number;
  lastValue: number;
  /** NaN until there are two. */
  beforeMs: number;
  beforeValue: number;
  isForgotten: boolean;
}

/** Older samples say nothing about now. Two minutes: twice S2's heartbeat of an agent. */
const LATEST_WINDOW_MS = 120_000;

const VIRTUAL = new RegExp(`^(?:${VIRTUAL_DEVICES})$`);
const always = () => true;

/** Which series of which metrics are needed. */
const WANTED: ReadonlyMap<string, (series: Series) => boolean> = new Map([
  [CPU_SECONDS, ({ labels }) => labels.mode === 'idle'],
  ...[MEMORY_TOTAL, MEMORY_AVAILABLE, LOAD_1, LOAD_5, LOAD_15, BOOT_TIME].map(
    (name) => [name, always] as const,
  ),
  ...DISK_NAMES.map((name) => [name, ({ labels }: Series) => isDisk(labels)] as const),
  ...NETWORK_NAMES.map((name) => [name, ({ labels }: Series) => !VIRTUAL.test(labels.device ?? '')] as const),
]);

/**
 * The last two samples of every series that servers' figures are made of, kept up to date by what ingest stores, so that
 * a list of fifty servers needs no query. About 30 series of 150 bytes per server.
 */
export class LatestSeries {
  readonly #byServer = new Map<string, Map<string, LastSamples>>();
  /** Ingest uses one object per series; what was decided for it is found again without making a key. Null: not needed. */
  readonly #slots = new WeakMap<Series, LastSamples | null>();

  /** Fills in what was stored before this process began. Called once, at start. */
  async load(store: SampleStore, nowMs: number): Promise<void> {
    for (const { series, timesMs, values } of await store.select(
      [named(...WANTED.keys())],
      nowMs - LATEST_WINDOW_MS,
      nowMs,
    )) {
      const slot = this.#slotOf(series);
      for (let row = Math.max(0, timesMs.length - 2); slot && row < timesMs.length; row++) {
        put(slot, timesMs[row] as number, values[row] as number);
      }
    }
  }

  /** Takes over a stored batch; returns the servers it says something about. */
  add({ series, timesMs, values }: SampleBatch): ReadonlySet<string> {
    const touched = new Set<string>();
    for (let row = 0; row < series.length; row++) {
      const slot = this.#slotOf(series[row] as Series);
      if (!slot) continue;
      put(slot, timesMs[row] as number, values[row] as number);
      touched.add(slot.series.labels.instance as string);
    }
    return touched;
  }

  /** What is known of a server at the moment. Series that have ended are forgotten on the way. */
  of(serverId: string, nowMs: number): readonly LastSamples[] {
    const current: LastSamples[] = [];
    const slots = this.#byServer.get(serverId) ?? new Map<string, LastSamples>();
    for (const [key, slot] of slots) {
      slot.isForgotten = slot.lastMs < nowMs - LATEST_WINDOW_MS;
      if (slot.isForgotten) slots.delete(key);
      else current.push(slot);
    }
    return current;
  }

  #slotOf(series: Series): LastSamples | null {
    const known = this.#slots.get(series);
    if (known === null || known?.isForgotten === false) return known;
    const slot = isWanted(series) ? this.#slotFor(series) : null;
    this.#slots.set(series, slot);
    return slot;
  }

  #slotFor(series: Series): LastSamples {
    const serverId = series.labels.instance as string;
    let slots = this.#byServer.get(serverId);
    if (!slots) {
      slots = new Map<string, LastSamples>();
      this.#byServer.set(serverId, slots);
    }
    const key = seriesKey(series.name, series.labels);
    let slot = slots.get(key);
    if (!slot) {
      slot = emptySlot(series);
      slots.set(key, slot);
    }
    return slot;
  }
}

function isWanted(series: Series): boolean {
  return series.labels.instance !== undefined && (WANTED.get(series.name)?.(series) ?? false);
}

function emptySlot(series: Series): LastSamples {
  const nothing = Number.NaN;
  return {
    series,
    lastMs: Number.NEGATIVE_INFINITY,
    lastValue: nothing,
    beforeMs: nothing,
    beforeValue: nothing,
    isForgotten: false,
  };
}

/** Samples that an agent brings later fill graphs; they say nothing about now. */
function put(slot: LastSamples, timeMs: number, value: number): void {
  if (timeMs <= slot.lastMs || Number.isNaN(value)) return;
  slot.beforeMs = slot.lastMs;
  slot.beforeValue = slot.lastValue;
  slot.lastMs = timeMs;
  slot.lastValue = value;
}
