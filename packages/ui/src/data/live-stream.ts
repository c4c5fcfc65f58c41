import type { Clock, Timer } from '@labkeeper/core';
import { ApiClient, ApiError, type Endpoint } from './api-client.js';
import { browserClock } from './browser-clock.js';
import { EventStreamParser, type StreamEvent } from './event-stream-parser.js';

/** `lost` after a stream has been there; `connecting` before the first one. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

/** What a listener hears. Data is the parsed JSON of the event. */
export interface LiveListener {
  onEvent?(event: string, data: unknown): void;
  onState?(state: ConnectionState): void;
  /** Changes were missed: load everything anew. */
  onReset?(): void;
}

/** The host pings every 4 s. A stream that is silent for longer than this is dead, whatever the network says. */
const SILENCE_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

const streams = new Map<string, LiveStream>();

/** The one stream that all elements of a page share for an endpoint. */
export function sharedStream(endpoint: Endpoint): LiveStream {
  const key = `${endpoint.url} ${endpoint.key ?? ''}`;
  let stream = streams.get(key);
  if (!stream) {
    stream = new LiveStream(new ApiClient(endpoint));
    streams.set(key, stream);
  }
  return stream;
}

/**
 * Changes as they happen. Read with fetch, because EventSource cannot send a key. Connects while anybody listens, comes
 * back with the last event's id after a break, and says within 5 s when it is not live.
 */
export class LiveStream {
  readonly #listeners = new Set<LiveListener>();
  #state: ConnectionState = 'connecting';
  #abort: AbortController | undefined;
  #lastId: string | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(
    private readonly client: ApiClient,
    private readonly clock: Clock = browserClock,
  ) {}

  get state(): ConnectionState {
    return this.#state;
  }

  /** Listens until the returned function is called. */
  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void this.#run();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  #stop(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    // What happens from now on is missed; the next listener loads everything itself.
    this.#lastId = undefined;
    this.#state = 'connecting';
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    while (!abort.signal.aborted) {
      try {
        await this.#readOnce(abort.signal);
      } catch (error) {
        // Asking again with a key that is not valid would only fill the host's log.
        if (error instanceof ApiError && (error.fault === 'unauthorized' || error.fault === 'forbidden'))
          abort.abort();
      }
      if (this.#abort !== abort) return;
      this.#setState('lost');
      await this.clock.sleep(this.#retryMs, abort.signal).catch(() => undefined);
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    }
  }

  /** Reads one connection to its end. */
  async #readOnce(signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    const watched = AbortSignal.any([signal, silence.signal]);
    let timer = this.#expectSound(silence);
    try {
      const headers: Record<string, string> =
        this.#lastId === undefined ? {} : { 'last-event-id': this.#lastId };
      const response = await this.client.request('/api/v1/events', { headers, signal: watched });
      const parser = new EventStreamParser();
      const reader = response.body
        ?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
        .getReader();
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
        timer.cancel();
        timer = this.#expectSound(silence);
        this.#retryMs = FIRST_RETRY_MS;
        this.#setState('live');
        for (const event of parser.push(piece.value)) this.#deliver(event);
      }
    } finally {
      timer.cancel();
    }
  }

  #expectSound(silence: AbortController): Timer {
    return this.clock.setTimer(() => silence.abort(), SILENCE_MS);
  }

  #deliver({ id, event, data }: StreamEvent): void {
    if (id !== undefined) this.#lastId = id;
    if (event === 'reset') {
      for (const listener of this.#listeners) listener.onReset?.();
      return;
    }
    const parsed: unknown = JSON.parse(data);
    for (const listener of this.#listeners) listener.onEvent?.(event, parsed);
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener.onState?.(state);
  }
}
