import type { Series } from '@labkeeper/core';
import { decodeChunk, writeQuickChunk } from '../chunk.js';
import { type Column, columnBetween, lowerBound, mergeAll } from '../column.js';
import type { ChunkSlabs, SlabPlace } from './chunk-slabs.js';
import { haveSameBits, PUT, type Put, SampleColumn } from './sample-column.js';

/**
 * Samples that are held as they are until they become a chunk: more need more memory, fewer make larger chunks.
 * As in Prometheus' head, where it has been 120 since 2017.
 */
const TAIL_SAMPLES = 120;

/** Samples of one series within one window, in memory. */
export interface HeadChunk extends SlabPlace {
  /** Start of the window in which all of its samples lie; see {@link windowOf}. */
  readonly windowMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly samples: number;
}

/** What all series of a head share. */
export interface HeadRules {
  readonly windowMs: number;
  /** How far behind the newest of its series a sample may be. */
  readonly outOfOrderMs: number;
  readonly slabs: ChunkSlabs;
  /** The wall clock. A sample from the future must not make those of the present too old. */
  readonly nowMs: () => number;
  readonly counts: HeadCounts;
}

/** What all series of a head hold together. */
export interface HeadCounts {
  samples: number;
  /** Of these, in chunks. */
  chunkedSamples: number;
  chunkBytes: number;
}

/** A series with its samples that are not in the chunk store yet: chunks, a tail that still grows, and what came too late for both. */
export class HeadSeries {
  /** The caller's object of the last sample: the same one again needs no look-up. */
  object: Series;
  /** The series that came after this one the last time: it will again. */
  next: HeadSeries | undefined;
  /** Under which number the journal knows it, and in which of its segments. */
  journalId = -1;
  /** Whether the chunk store knows it. */
  isStored = false;
  journalSegment = -1;

  /** The newest time since the start of the process. */
  newestMs = Number.NEGATIVE_INFINITY;
  readonly #tail = new SampleColumn();
  #tailEndMs = Number.NEGATIVE_INFINITY;
  #late: SampleColumn | undefined;
  #chunks: HeadChunk[] = [];

  constructor(
    readonly id: number,
    readonly key: string,
    readonly series: Series,
  ) {
    this.object = series;
  }

  /** Samples that are not in a chunk. */
  get loose(): number {
    return this.#tail.length + (this.#late?.length ?? 0);
  }

  get isEmpty(): boolean {
    return this.loose === 0 && this.#chunks.length === 0;
  }

  /** Called once per sample. */
  put(rules: HeadRules, timeMs: number, values: Float64Array, row: number, isBackfill: boolean): Put {
    if (timeMs > this.newestMs) {
      if (timeMs > this.#tailEndMs || this.#tail.length >= TAIL_SAMPLES) this.#begin(rules, timeMs);
      this.#tail.push(timeMs, values, row);
      this.newestMs = timeMs;
      return PUT.kept;
    }
    if (!isBackfill && timeMs < Math.min(this.newestMs, rules.nowMs()) - rules.outOfOrderMs)
      return PUT.tooOld;
    if (timeMs >= this.#tail.firstMs) return this.#tail.insert(timeMs, values, row);
    const inChunk = this.#findInChunks(timeMs, values, row);
    if (inChunk !== PUT.kept) return inChunk;
    this.#late ??= new SampleColumn();
    return this.#late.insert(timeMs, values, row);
  }

  /** Keeps rows `from` up to `to`, which ascend and are newer than {@link newestMs}. Called once per series of an import. */
  putRun(rules: HeadRules, { timesMs, values }: Column, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const timeMs = timesMs[at] as number;
      if (timeMs > this.#tailEndMs || this.#tail.length >= TAIL_SAMPLES) this.#begin(rules, timeMs);
      let end = Math.min(to, at + TAIL_SAMPLES - this.#tail.length);
      while ((timesMs[end - 1] as number) > this.#tailEndMs) end--;
      this.#tail.pushRun(timesMs, values, at, end);
      at = end;
    }
    this.newestMs = timesMs[to - 1] as number;
  }

  /** Everything with `fromMs ≤ time ≤ toMs`, in ascending time. */
  between(fromMs: number, toMs: number): Column {
    const columns: Column[] = [];
    for (const chunk of this.#chunks) {
      if (chunk.firstMs <= toMs && chunk.lastMs >= fromMs)
        columns.push(columnBetween(decoded(chunk), fromMs, toMs));
    }
    if (this.#tail.firstMs <= toMs && this.#tail.lastMs >= fromMs)
      columns.push(this.#tail.between(fromMs, toMs));
    if (this.#late) columns.push(this.#late.between(fromMs, toMs));
    return mergeAll(columns);
  }

  /** First and last time in the head; NaN when it is empty. */
  span(): readonly [firstMs: number, lastMs: number] {
    let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const parts = [this.#tail, ...(this.#late ? [this.#late] : []), ...this.#chunks];
    for (const part of parts) {
      if (part.firstMs < firstMs) firstMs = part.firstMs;
      if (part.lastMs > lastMs) lastMs = part.lastMs;
    }
    return firstMs > lastMs ? [Number.NaN, Number.NaN] : [firstMs, lastMs];
  }

  /** Chunks of all samples in windows that end by `untilMs`; loose samples become chunks for it. They stay until {@link drop}. */
  chunksUntil(rules: HeadRules, untilMs: number): readonly HeadChunk[] {
    if (this.#tail.firstMs <= untilMs && this.#tailEndMs <= untilMs) {
      this.#cutTail(rules);
      // It may never come again: ten thousand containers that have ended must not keep their room.
      this.#tail.release();
    }
    if (this.#late && this.#late.firstMs <= untilMs) this.#cutLate(rules);
    return this.#chunks.filter(({ windowMs }) => windowMs < untilMs);
  }

  /** Forgets chunks that {@link chunksUntil} gave: they are in the chunk store. */
  drop({ counts }: HeadRules, chunks: readonly HeadChunk[]): void {
    for (const { samples, length } of chunks) {
      counts.samples -= samples;
      counts.chunkedSamples -= samples;
      counts.chunkBytes -= length;
    }
    const gone = new Set(chunks);
    this.#chunks = this.#chunks.filter((chunk) => !gone.has(chunk));
  }

  #begin(rules: HeadRules, timeMs: number): void {
    if (this.#tail.length > 0) this.#cutTail(rules);
    this.#tailEndMs = windowOf(timeMs, rules.windowMs) + rules.windowMs;
  }

  #cutTail(rules: HeadRules): void {
    this.#addChunk(rules, this.#tail.view());
    this.#tail.clear();
  }

  #cutLate(rules: HeadRules): void {
    const column = this.#late?.view();
    if (!column) return;
    for (let start = 0; start < column.timesMs.length; ) {
      const windowMs = windowOf(column.timesMs[start] as number, rules.windowMs);
      const end = lowerBound(column.timesMs, column.timesMs.length, windowMs + rules.windowMs + 1);
      this.#addChunk(rules, {
        timesMs: column.timesMs.subarray(start, end),
        values: column.values.subarray(start, end),
      });
      start = end;
    }
    this.#late = undefined;
  }

  #addChunk({ windowMs: length, slabs, counts }: HeadRules, column: Column): void {
    const { timesMs } = column;
    const firstMs = timesMs[0] as number;
    const windowMs = windowOf(firstMs, length);
    const { slab, offset, length: bytes } = slabs.add(writeQuickChunk(column, windowMs));
    const chunk: HeadChunk = {
      slab,
      offset,
      length: bytes,
      windowMs,
      firstMs,
      lastMs: timesMs[timesMs.length - 1] as number,
      samples: timesMs.length,
    };
    counts.chunkedSamples += timesMs.length;
    counts.chunkBytes += bytes;
    this.#chunks.push(chunk);
  }

  /** `kept` when no chunk has a sample of that time. */
  #findInChunks(timeMs: number, values: Float64Array, row: number): Put {
    for (const chunk of this.#chunks) {
      if (timeMs < chunk.firstMs || timeMs > chunk.lastMs) continue;
      const column = decoded(chunk);
      const at = lowerBound(column.timesMs, column.timesMs.length, timeMs);
      if (column.timesMs[at] !== timeMs) continue;
      return haveSameBits(column.values, at, values, row) ? PUT.known : PUT.conflicting;
    }
    return PUT.kept;
  }
}

/**
 * The start of the window in which a time lies. A window has its end and not its beginning, as the steps of roll-ups do: so no step lies
 * in two windows.
 */
export function windowOf(timeMs: number, lengthMs: number): number {
  return Math.ceil(timeMs / lengthMs) * lengthMs - lengthMs;
}

/** The bytes of a chunk, without a copy. */
export function bytesOf({ slab, offset, length }: SlabPlace): Uint8Array {
  return slab.subarray(offset, offset + length);
}

function decoded(chunk: HeadChunk): Column {
  return decodeChunk(bytesOf(chunk), chunk.windowMs);
}
