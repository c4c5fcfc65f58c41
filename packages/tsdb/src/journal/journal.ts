import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type Clock, describeError, type Logger, type Timer } from '@labkeeper/core';
import { ByteWriter } from '../bytes/byte-writer.js';
import { FrameDecoder, type ReadRows } from './frame-decoder.js';
import { FrameEncoder, type FrameRows } from './frame-encoder.js';
import type { FoundSegment, JournalMedium } from './journal-medium.js';
import { FRAME_HEADER_BYTES, PAGE_BYTES, SEGMENT_BYTES } from './segment-format.js';
import { readFrames } from './segment-reader.js';

export interface JournalParts {
  readonly medium: JournalMedium;
  readonly clock: Clock;
  readonly log: Logger;
  /** How old a sample may get before it survives a power cut. 0: an append resolves when it does. */
  readonly syncWithinMs: number;
  /** Numbers up to this one are not given again. */
  readonly lastSegment: number;
  /** Called when a sync failed: what was written since the one before may not survive a power cut. */
  readonly onUnsafe: () => void;
}

/** Many heartbeats at once; an import's bytes are not kept. */
const LARGEST_SPARE = 65_536;

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Frames that are written at once, for one segment. */
interface Group {
  readonly segment: number;
  readonly bytes: ByteWriter;
  readonly waiters: Waiter[];
}

/**
 * What was appended and is not in the chunk store yet, on disk. One write at a time; whatever is appended meanwhile goes with the
 * next one, so that many callers share it.
 */
export class Journal {
  /** The newest sample of each segment that is there. */
  readonly #newestMs = new Map<number, number>();
  readonly #groups: Group[] = [];
  readonly #syncWaiters: Waiter[] = [];
  /** What the last group was written from, for the next one. */
  #spare: ByteWriter | undefined;
  #encoder: FrameEncoder | undefined;
  #encodedBytes = 0;
  #lastSegment: number;
  #begunSegment = 0;
  #draining: Promise<void> | undefined;
  #hasUnsynced = false;
  #isSyncDue = false;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(private readonly parts: JournalParts) {
    this.#lastSegment = parts.lastSegment;
  }

  /** Reads what an earlier process left. `take` gets the rows of each frame, in order, and gives the newest time in them. Called once, before the first append. */
  async replay(take: (segment: number, rows: ReadRows) => number): Promise<void> {
    for await (const found of this.parts.medium.read()) this.#replaySegment(found, take);
  }

  /** Resolves when the rows are as durable as was chosen. `newestMs` is the newest of their times. */
  append(rows: FrameRows, newestMs: number): Promise<void> {
    const group = this.#openGroup();
    const start = group.bytes.length;
    group.bytes.uint32(0);
    group.bytes.uint32(0);
    this.#encoder?.encode(group.bytes, rows);
    const payload = group.bytes.view(start + FRAME_HEADER_BYTES);
    group.bytes.patchUint32(start, payload.length);
    group.bytes.patchUint32(start + 4, crc32(payload, group.segment));
    this.#encodedBytes += payload.length + FRAME_HEADER_BYTES;
    this.#note(group.segment, newestMs);
    return new Promise((resolve, reject) => {
      group.waiters.push({ resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Ends the segment that is being written, and gives the numbers of all there are: later rows go into another. */
  endSegment(): readonly number[] {
    this.#encoder = undefined;
    return [...this.#newestMs.keys()];
  }

  /** Forgets those of the segments of which no sample is later than `untilMs`. */
  async dropUntil(segments: readonly number[], untilMs: number): Promise<void> {
    await this.#draining;
    const doomed = segments.filter(
      // The last one that was begun is still open, whether or not it has ended.
      (segment) => segment !== this.#begunSegment && (this.#newestMs.get(segment) ?? untilMs + 1) <= untilMs,
    );
    if (doomed.length === 0) return;
    await this.parts.medium.drop(doomed);
    for (const segment of doomed) this.#newestMs.delete(segment);
  }

  /** Makes everything that was appended survive a power cut. */
  sync(): Promise<void> {
    this.#isSyncDue = true;
    return new Promise((resolve, reject) => {
      this.#syncWaiters.push({ resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Writes and syncs what was appended, and leaves no timer. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    try {
      await this.sync();
    } finally {
      await this.parts.medium.close();
    }
  }

  #replaySegment({ number, bytes }: FoundSegment, take: (segment: number, rows: ReadRows) => number): void {
    this.#lastSegment = Math.max(this.#lastSegment, number);
    this.#note(number, Number.NEGATIVE_INFINITY);
    const decoder = new FrameDecoder();
    try {
      for (const payload of readFrames(bytes, number)) {
        this.#note(number, take(number, decoder.decode(payload)));
      }
    } catch (error) {
      this.parts.log.error(
        'a part of the journal of samples is damaged; what follows it in its segment is lost',
        {
          segment: number,
          reason: describeError(error),
        },
      );
    }
  }

  #note(segment: number, newestMs: number): void {
    const known = this.#newestMs.get(segment);
    if (known === undefined || newestMs > known) this.#newestMs.set(segment, newestMs);
  }

  /** The group that has not been taken for writing, of the segment that is being written. */
  #openGroup(): Group {
    if (!this.#encoder || this.#encodedBytes >= SEGMENT_BYTES) {
      this.#encoder = new FrameEncoder(++this.#lastSegment);
      this.#encodedBytes = 0;
    }
    const last = this.#groups.at(-1);
    if (last?.segment === this.#encoder.segment) return last;
    const group: Group = { segment: this.#encoder.segment, bytes: this.#emptyWriter(), waiters: [] };
    this.#groups.push(group);
    return group;
  }

  #emptyWriter(): ByteWriter {
    const spare = this.#spare ?? new ByteWriter(4_096);
    this.#spare = undefined;
    spare.clear();
    return spare;
  }

  async #drain(): Promise<void> {
    // The callers of this turn of the event loop go together: a write for each would cost more than what it writes.
    await setImmediate();
    while (this.#groups.length > 0 || this.#isSyncDue) {
      const group = this.#groups.shift();
      try {
        if (group) await this.#writeGroup(group);
        if (this.#isSyncDue || (group && this.parts.syncWithinMs === 0)) await this.#sync();
        for (const { resolve } of group?.waiters ?? []) resolve();
        if (!this.#isSyncDue) for (const { resolve } of this.#syncWaiters.splice(0)) resolve();
      } catch (error) {
        this.#giveUp(group, error);
      }
    }
    this.#draining = undefined;
  }

  async #writeGroup({ segment, bytes }: Group): Promise<void> {
    if (segment !== this.#begunSegment) {
      if (this.#hasUnsynced) await this.#sync();
      await this.parts.medium.begin(segment);
      this.#begunSegment = segment;
    }
    await this.parts.medium.write(bytes.view());
    if (bytes.length <= LARGEST_SPARE) this.#spare = bytes;
    this.#hasUnsynced = true;
    if (this.parts.syncWithinMs > 0 && !this.#isClosed) this.#setTimer();
  }

  #setTimer(): void {
    this.#timer ??= this.parts.clock.setTimer(() => {
      this.#timer = undefined;
      // A failure has been told of, and what it may cost is sealed.
      this.sync().catch(() => undefined);
    }, this.parts.syncWithinMs);
  }

  async #sync(): Promise<void> {
    this.#isSyncDue = false;
    if (!this.#hasUnsynced) return;
    this.#hasUnsynced = false;
    try {
      await this.parts.medium.sync();
      // What comes next begins on a new page: without counting that, the segments of a small house would be large.
      this.#encodedBytes = Math.ceil(this.#encodedBytes / PAGE_BYTES) * PAGE_BYTES;
    } catch (error) {
      this.parts.log.warn('samples could not be synced to disk', { reason: describeError(error) });
      this.parts.onUnsafe();
      throw error;
    }
  }

  /** Frames build upon one another: after one that may be missing, none can follow in its segment. */
  #giveUp(failed: Group | undefined, error: unknown): void {
    this.#encoder = undefined;
    const groups = failed ? [failed, ...this.#groups.splice(0)] : [];
    // A segment that could not be begun is none, and cannot be dropped either.
    for (const { segment } of groups) if (segment !== this.#begunSegment) this.#newestMs.delete(segment);
    for (const { reject } of this.#syncWaiters.splice(0)) reject(error);
    for (const { waiters } of groups) for (const { reject } of waiters) reject(error);
  }
}
