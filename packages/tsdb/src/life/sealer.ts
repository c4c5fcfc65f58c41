import { type Clock, describeError, type Logger } from '@labkeeper/core';
import type { Head } from '../head/head.js';
import { bytesOf, type HeadChunk, type HeadSeries } from '../head/head-series.js';
import { windowOf } from '../head/window.js';
import type { Journal } from '../journal/journal.js';
import type { NewPack, SealedSegments } from '../packs/chunk-store.js';
import { type BuiltChunk, PackBuilder } from '../packs/pack-builder.js';
import type { PackDirectory } from '../packs/pack-directory.js';
import { Breather } from '../read/breather.js';

export interface SealerParts {
  readonly head: Head;
  readonly journal: Journal;
  readonly directory: PackDirectory;
  readonly clock: Clock;
  readonly log: Logger;
  readonly windowMs: number;
  /** Samples of a window stay in the head so long after its end: most late ones then need no pack of their own. */
  readonly graceMs: number;
  /** With more in the head than this, all of it leaves at once. */
  readonly maxHeadBytes: number;
}

/** After a failure to seal, the next try waits so long: appending goes on meanwhile. */
const RETRY_MS = 60_000;

/** Stands for the end of time in a mark: JSON has no infinity. */
const EVERYTHING_MS = Number.MAX_SAFE_INTEGER;

/** Moves samples from the head into packs. What is in packs leaves the journal. */
export class Sealer {
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #isAllDue = false;
  /** Up to where the head was sealed by this process. */
  #sealedUntilMs = Number.NEGATIVE_INFINITY;

  #sealed: SealedSegments;

  constructor(
    private readonly parts: SealerParts,
    sealed: SealedSegments,
  ) {
    this.#sealed = sealed;
  }

  /** Samples should leave the journal soon: it could not be synced. */
  wantAll(): void {
    this.#isAllDue = true;
  }

  /** The last sealing failed, and it is not time for the next. */
  get isFailing(): boolean {
    return this.parts.clock.monotonicMs() < this.#notBeforeMs;
  }

  /** Up to where the head should be sealed now; undefined when it need not be. Asked after every append. */
  due(): number | undefined {
    const { head, clock, windowMs, graceMs, maxHeadBytes } = this.parts;
    if (this.isFailing) return undefined;
    if (this.#isAllDue || head.bytes > maxHeadBytes) return EVERYTHING_MS;
    const untilMs = windowOf(clock.now() - graceMs, windowMs);
    // The clock was wrong, and has come back: what it said of the future does not count.
    if (untilMs < this.#sealedUntilMs) this.#sealedUntilMs = untilMs;
    return untilMs > this.#sealedUntilMs ? untilMs : undefined;
  }

  /** Seals; a failure is logged and tried again later, for nothing is lost by it. */
  async sealInBackground(untilMs: number): Promise<void> {
    try {
      await this.seal(untilMs);
    } catch (error) {
      this.#notBeforeMs = this.parts.clock.monotonicMs() + RETRY_MS;
      if (untilMs === EVERYTHING_MS) this.#isAllDue = true;
      this.parts.log.warn('samples could not be moved into packs; tried again later', {
        reason: describeError(error),
      });
    }
  }

  /** Moves everything up to `untilMs` into packs, in one commit. Interrupted at any point, it leaves everything readable. */
  async seal(untilMs = EVERYTHING_MS): Promise<void> {
    const { head, journal, directory, clock } = this.parts;
    // Before the head is looked at: whatever the ended segments hold is in it.
    const segments = journal.endSegment();
    // Now and not at the end: what becomes unsafe from here on may come too late for this sealing.
    if (untilMs === EVERYTHING_MS) this.#isAllDue = false;
    const breather = new Breather(clock);
    const sealed: [HeadSeries, readonly HeadChunk[]][] = [];
    for (const entry of [...head.index.all()].sort((a, b) => a.id - b.id)) {
      const chunks = entry.chunksUntil(head.rules, untilMs);
      if (chunks.length > 0) sealed.push([entry, chunks]);
      if (breather.isTired) await breather.breathe();
    }
    const addedPacks = this.#packsOf(sealed);
    const added = sealed.map(([entry]) => entry).filter(({ isStored }) => !isStored);
    const addedSeries = added.map(({ id, series: { name, labels } }) => ({ id, name, labels }));
    const marks = this.#numbered(segments).map((segment) => [
      segment,
      Math.max(untilMs, this.#sealed[segment] ?? untilMs),
    ]);
    const nowSealed = Object.fromEntries(marks) as SealedSegments;
    await directory.commit({ addedSeries, addedPacks, sealed: nowSealed });
    this.#sealed = nowSealed;
    for (const entry of added) entry.isStored = true;
    for (const [entry, chunks] of sealed) entry.drop(head.rules, chunks);
    if (untilMs !== EVERYTHING_MS) this.#sealedUntilMs = untilMs;
    await journal.dropUntil(segments, untilMs);
  }

  /** The segments there are, and the highest number ever given: a mark keeps it from being given again. */
  #numbered(segments: readonly number[]): readonly number[] {
    const highest = Math.max(0, ...segments, ...Object.keys(this.#sealed).map(Number));
    return segments.includes(highest) || highest === 0 ? segments : [...segments, highest];
  }

  /** Made one by one, while they are stored: together they are as large as the head. */
  *#packsOf(sealed: readonly (readonly [HeadSeries, readonly HeadChunk[]])[]): Iterable<NewPack> {
    const windows = new Map<number, PackBuilder>();
    for (const [{ id }, chunks] of sealed) {
      for (const chunk of chunks) {
        const builder = this.#builderOf(windows, chunk.span.windowMs);
        builder.add(builtOf(id, chunk));
        yield* builder.take();
      }
    }
    for (const builder of windows.values()) yield* builder.finish();
  }

  #builderOf(windows: Map<number, PackBuilder>, fromMs: number): PackBuilder {
    let builder = windows.get(fromMs);
    if (!builder) {
      const frame = { isSettled: false, resolutionMs: 0, fromMs, toMs: fromMs + this.parts.windowMs };
      windows.set(fromMs, (builder = new PackBuilder(frame, this.parts.directory.nextId)));
    }
    return builder;
  }
}

function builtOf(seriesId: number, chunk: HeadChunk): BuiltChunk {
  const { samples, firstMs: oldestMs, lastMs: newestMs } = chunk.span;
  return { seriesId, bytes: bytesOf(chunk), samples, oldestMs, newestMs };
}
