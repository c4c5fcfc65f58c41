import { frameOf, type Topic } from './delta.js';
import type { DeltaRing } from './delta-ring.js';

/** Where a client's events go. A response; less in tests. */
export interface LiveSink {
  /** False: full, wait for `drain`. */
  write(text: string): boolean;
  end(): void;
  /** Breaks off at once, whatever has not been sent. */
  destroy(): void;
  onDrain(listener: () => void): void;
}

/** Text that is handed over in one go. A client that takes it slowly holds up no more memory than this. */
const CHUNK_CHARACTERS = 65_536;

export interface LiveClientSetup {
  readonly sink: LiveSink;
  /** Undefined: all. */
  readonly topics?: ReadonlySet<Topic>;
  /** Number of the last change the client has seen. */
  readonly seen: number;
  readonly idOf: (number: number) => string;
}

/**
 * One client of the stream. It has no queue of its own: it reads the shared ring at its own pace, so a slow one costs
 * nothing. One that falls behind the end of the ring is told to reload.
 */
export class LiveClient {
  readonly #sink: LiveSink;
  readonly #topics: ReadonlySet<Topic> | undefined;
  readonly #idOf: (number: number) => string;
  #seen: number;
  #fullSinceMs: number | undefined;

  constructor({ sink, topics, seen, idOf }: LiveClientSetup) {
    this.#sink = sink;
    this.#topics = topics;
    this.#seen = seen;
    this.#idOf = idOf;
  }

  /** Since when it takes nothing any more. */
  get fullSinceMs(): number | undefined {
    return this.#fullSinceMs;
  }

  /** Sends what it has not seen, as much as it takes. */
  pump(ring: DeltaRing, nowMs: number): void {
    while (this.#fullSinceMs === undefined && this.#seen < ring.newest)
      this.#send(this.#nextChunk(ring), nowMs);
  }

  /** It missed more than is kept, or begins with another process's ids: it has to load everything anew. */
  reset(ring: DeltaRing, nowMs: number): void {
    this.#seen = ring.newest;
    this.#send(frameOf(this.#idOf(ring.newest), 'reset', '{}'), nowMs);
  }

  /** Something between events: a ping, the beginning of the stream. Left out while the client takes nothing. */
  comment(text: string, nowMs: number): void {
    if (this.#fullSinceMs === undefined) this.#send(text, nowMs);
  }

  drained(): void {
    this.#fullSinceMs = undefined;
  }

  end(): void {
    this.#sink.end();
  }

  destroy(): void {
    this.#sink.destroy();
  }

  #nextChunk(ring: DeltaRing): string {
    if (this.#seen + 1 < ring.oldest) {
      this.#seen = ring.newest;
      return frameOf(this.#idOf(ring.newest), 'reset', '{}');
    }
    let chunk = '';
    while (this.#seen < ring.newest && chunk.length < CHUNK_CHARACTERS) {
      this.#seen += 1;
      const delta = ring.get(this.#seen);
      if (delta && (this.#topics?.has(delta.topic) ?? true)) chunk += delta.frame;
    }
    return chunk;
  }

  #send(text: string, nowMs: number): void {
    if (text !== '' && !this.#sink.write(text)) this.#fullSinceMs = nowMs;
  }
}
