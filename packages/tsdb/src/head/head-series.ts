import type { Series } from '@labkeeper/core';
import { decodeChunk, encodeQuickTimes, writeQuickChunk } from '../chunk.js';
import { type Column, columnBetween, lowerBound, mergeAll } from '../column.js';
import type { ChunkSlabs, SlabPlace } from './chunk-slabs.js';
import { haveSameBits, PUT, type Put, SampleColumn } from './sample-column.js';
import { Tail, type TailSources } from './tail.js';
import { type ChunkSpan, spanOf } from './time-track.js';
import { windowOf } from './window.js';

/** Samples of one series within one window, in memory. */
export interface HeadChunk extends SlabPlace {
  readonly span: ChunkSpan;
}

/** What all series of a head share. */
export interface HeadRules extends TailSources {
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

  readonly #tail = new Tail();
  /** The newest time before the tail. */
  #beforeTailMs = Number.NEGATIVE_INFINITY;
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

  /** The newest time since the start of the process. */
  get newestMs(): number {
    return this.#tail.length > 0 ? this.#tail.lastMs : this.#beforeTailMs;
  }

  /** Called once per sample. */
  put(rules: HeadRules, { timesMs, values }: Column, row: number, isBackfill: boolean): Put {
    const timeMs = timesMs[row] as number;
    const { newestMs } = this;
    if (timeMs > newestMs) {
      if (this.#tail.free > 0 && timeMs <= this.#tail.endMs) this.#tail.push(timesMs, values, row, row + 1);
      else this.#begin(rules, timeMs, values, row);
      return PUT.kept;
    }
    if (!isBackfill && timeMs < Math.min(newestMs, rules.nowMs()) - rules.outOfOrderMs) return PUT.tooOld;
    if (timeMs >= this.#tail.firstMs) {
      const inTail = this.#tail.insert(timeMs, values, row);
      if (inTail !== undefined) return inTail;
    }
    const inChunk = this.#findInChunks(timeMs, values, row);
    if (inChunk !== PUT.kept) return inChunk;
    this.#late ??= new SampleColumn();
    return this.#late.insert(timeMs, values, row);
  }

  /** Keeps rows `from` up to `to`, which ascend and are newer than {@link newestMs}. Called once per series of an import. */
  putRun(rules: HeadRules, { timesMs, values }: Column, from: number, to: number): void {
    for (let at = from; at < to; ) {
      let end = Math.min(to, at + this.#tail.free);
      while (end > at && (timesMs[end - 1] as number) > this.#tail.endMs) end--;
      if (end > at) this.#tail.push(timesMs, values, at, end);
      else this.#begin(rules, timesMs[end++] as number, values, at);
      at = end;
    }
  }

  /** Everything with `fromMs ≤ time ≤ toMs`, in ascending time. */
  between(fromMs: number, toMs: number): Column {
    const columns: Column[] = [];
    for (const chunk of this.#chunks) {
      if (chunk.span.firstMs <= toMs && chunk.span.lastMs >= fromMs)
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
    const parts = [
      this.#tail,
      ...(this.#late ? [this.#late] : []),
      ...this.#chunks.map((chunk) => chunk.span),
    ];
    for (const part of parts) {
      if (part.firstMs < firstMs) firstMs = part.firstMs;
      if (part.lastMs > lastMs) lastMs = part.lastMs;
    }
    return firstMs > lastMs ? [Number.NaN, Number.NaN] : [firstMs, lastMs];
  }

  /** Chunks of all samples in windows that end by `untilMs`; loose samples become chunks for it. They stay until {@link drop}. */
  chunksUntil(rules: HeadRules, untilMs: number): readonly HeadChunk[] {
    if (this.#tail.firstMs <= untilMs && this.#tail.endMs <= untilMs) {
      this.#cutTail(rules);
      // It may never come again: ten thousand containers that have ended must not keep their room.
      this.#tail.release(rules.rooms);
    }
    if (this.#late && this.#late.firstMs <= untilMs) this.#cutLate(rules);
    return this.#chunks.filter(({ span }) => span.windowMs < untilMs);
  }

  /** Forgets chunks that {@link chunksUntil} gave: they are in the chunk store. */
  drop({ counts }: HeadRules, chunks: readonly HeadChunk[]): void {
    for (const { span, length } of chunks) {
      counts.samples -= span.samples;
      counts.chunkedSamples -= span.samples;
      counts.chunkBytes -= length;
    }
    const gone = new Set(chunks);
    this.#chunks = this.#chunks.filter((chunk) => !gone.has(chunk));
  }

  #begin(rules: HeadRules, timeMs: number, values: Float64Array, row: number): void {
    if (this.#tail.length > 0) this.#cutTail(rules);
    this.#tail.begin(rules, timeMs, values, row);
  }

  #cutTail(rules: HeadRules): void {
    this.#beforeTailMs = this.#tail.lastMs;
    const { span, timeBytes, values } = this.#tail.cut();
    this.#addChunk(rules, span, writeQuickChunk(values, timeBytes));
  }

  #cutLate(rules: HeadRules): void {
    const column = this.#late?.view();
    if (!column) return;
    for (let start = 0; start < column.timesMs.length; ) {
      const windowMs = windowOf(column.timesMs[start] as number, rules.windowMs);
      const end = lowerBound(column.timesMs, column.timesMs.length, windowMs + rules.windowMs + 1);
      const timesMs = column.timesMs.subarray(start, end);
      const bytes = writeQuickChunk(column.values.subarray(start, end), encodeQuickTimes(timesMs, windowMs));
      this.#addChunk(rules, spanOf(timesMs, windowMs), bytes);
      start = end;
    }
    this.#late = undefined;
  }

  #addChunk({ slabs, counts }: HeadRules, span: ChunkSpan, bytes: Uint8Array): void {
    const { slab, offset, length } = slabs.add(bytes);
    counts.chunkedSamples += span.samples;
    counts.chunkBytes += length;
    this.#chunks.push({ slab, offset, length, span });
  }

  /** `kept` when no chunk has a sample of that time. */
  #findInChunks(timeMs: number, values: Float64Array, row: number): Put {
    for (const chunk of this.#chunks) {
      if (timeMs < chunk.span.firstMs || timeMs > chunk.span.lastMs) continue;
      const column = decoded(chunk);
      const at = lowerBound(column.timesMs, column.timesMs.length, timeMs);
      if (column.timesMs[at] !== timeMs) continue;
      return haveSameBits(column.values, at, values, row) ? PUT.known : PUT.conflicting;
    }
    return PUT.kept;
  }
}

/** The bytes of a chunk, without a copy. */
export function bytesOf({ slab, offset, length }: SlabPlace): Uint8Array {
  return slab.subarray(offset, offset + length);
}

function decoded(chunk: HeadChunk): Column {
  return decodeChunk(bytesOf(chunk), chunk.span.windowMs);
}
