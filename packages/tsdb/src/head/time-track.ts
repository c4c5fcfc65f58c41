import { encodeQuickTimes } from '../chunk.js';
import { TAIL_SAMPLES } from './tail-rooms.js';
import { windowOf } from './window.js';

/** Where samples that are cut at once lie in time; shared by the chunks of all series that have the same times. */
export interface ChunkSpan {
  /** Start of the window in which all of them lie; see {@link windowOf}. */
  readonly windowMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly samples: number;
}

/** What series that share their times share too when they are cut. */
export interface TrackCut {
  readonly span: ChunkSpan;
  /** The times as a quick chunk has them. */
  readonly timeBytes: Uint8Array;
}

/**
 * The times of tails. What is measured together has the same ones, and a host's series share a track: each knows how many of its times
 * it has taken. Times are only added, never changed; a series that needs others goes on with a branch.
 */
export class TimeTrack {
  readonly timesMs = new Float64Array(TAIL_SAMPLES);
  #length: number;
  /** The last branch, for the next series that leaves at the same place. */
  #branch: TimeTrack | undefined;
  #branchedAt = -1;
  #cut: TrackCut | undefined;

  private constructor(
    readonly windowMs: number,
    /** No time after it is in the window. */
    readonly endMs: number,
    before: Float64Array,
    timeMs: number,
  ) {
    this.timesMs.set(before);
    this.timesMs[before.length] = timeMs;
    this.#length = before.length + 1;
  }

  /** A track of the window of `timeMs`, which is its first time. */
  static begin(timeMs: number, windowLengthMs: number): TimeTrack {
    const windowMs = windowOf(timeMs, windowLengthMs);
    return new TimeTrack(windowMs, windowMs + windowLengthMs, NOTHING, timeMs);
  }

  /** Whether time number `at` is this one; adds it when nobody has come so far yet. Called once per sample. */
  takes(at: number, timeMs: number): boolean {
    if (at < this.#length) return this.timesMs[at] === timeMs;
    this.timesMs[at] = timeMs;
    this.#length = at + 1;
    return true;
  }

  /** A track with the first `at` times of this one, and then another. */
  branch(at: number, timeMs: number): TimeTrack {
    if (this.#branch && this.#branchedAt === at && this.#branch.timesMs[at] === timeMs) return this.#branch;
    this.#branch = new TimeTrack(this.windowMs, this.endMs, this.timesMs.subarray(0, at), timeMs);
    this.#branchedAt = at;
    return this.#branch;
  }

  /** A track with the first `length` times of this one and `timeMs` in its place among them. */
  withInserted(at: number, timeMs: number, length: number): TimeTrack {
    const track = new TimeTrack(this.windowMs, this.endMs, this.timesMs.subarray(0, at), timeMs);
    track.timesMs.set(this.timesMs.subarray(at, length), at + 1);
    track.#length = length + 1;
    return track;
  }

  /** The first `length` times, ready for chunks. Made once for all series that are cut there. */
  cut(length: number): TrackCut {
    if (this.#cut?.span.samples !== length) {
      const timesMs = this.timesMs.subarray(0, length);
      this.#cut = {
        span: spanOf(timesMs, this.windowMs),
        timeBytes: encodeQuickTimes(timesMs, this.windowMs),
      };
    }
    return this.#cut;
  }
}

const NOTHING = new Float64Array(0);

/** Where ascending times of one window lie. */
export function spanOf(timesMs: Float64Array, windowMs: number): ChunkSpan {
  const { length } = timesMs;
  return {
    windowMs,
    firstMs: timesMs[0] as number,
    lastMs: timesMs[length - 1] as number,
    samples: length,
  };
}

/** Gives tracks to tails that begin. */
export class TimeTracks {
  #last: TimeTrack | undefined;

  constructor(private readonly windowLengthMs: number) {}

  /** The series of a heartbeat begin one after the other, at the same time. */
  beginning(timeMs: number): TimeTrack {
    if (this.#last?.timesMs[0] !== timeMs) this.#last = TimeTrack.begin(timeMs, this.windowLengthMs);
    return this.#last;
  }
}
