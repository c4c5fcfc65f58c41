import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ApiClient, ApiError, type Endpoint } from './api-client.js';
import type { LoadState } from './live-list.js';
import { sharedStream } from './live-stream.js';

/** Which thing, and which event changes it. */
export interface LiveItemSource<Item> {
  readonly path: string;
  readonly event: string;
  /** Whether the event's data is about this one. */
  readonly isSame: (data: Item) => boolean;
}

/** One thing of the API that stays true. */
export class LiveItem<Item> implements ReactiveController {
  state: LoadState = { kind: 'loading' };
  value: Item | undefined;
  #key = '';
  #source: LiveItemSource<Item> | undefined;
  #client: ApiClient | undefined;
  #leave: (() => void) | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** Shows this thing from now on. Asking for the same one again does nothing. */
  show(endpoint: Endpoint, source: LiveItemSource<Item>): void {
    const key = `${endpoint.url} ${endpoint.key ?? ''} ${source.path}`;
    this.#source = source;
    if (key === this.#key) return;
    this.#key = key;
    this.value = undefined;
    this.state = { kind: 'loading' };
    this.#client = new ApiClient(endpoint);
    this.#leave?.();
    this.#leave = sharedStream(endpoint).listen({
      onEvent: (event, data) => event === source.event && this.#change(data as Item),
      onReset: () => void this.reload(),
      onState: (state) => state === 'live' && this.state.kind === 'failed' && void this.reload(),
    });
    void this.reload();
  }

  async reload(): Promise<void> {
    const [client, source, key] = [this.#client, this.#source, this.#key];
    if (!client || !source) return;
    try {
      const value = await client.get<Item>(source.path);
      if (key !== this.#key) return;
      this.value = value;
      this.state = { kind: 'ready' };
    } catch (error) {
      if (key !== this.#key) return;
      this.state = {
        kind: 'failed',
        error: error instanceof ApiError ? error : new ApiError('other', String(error)),
      };
    }
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#key = '';
  }

  #change(data: Item): void {
    if (!this.#source?.isSame(data)) return;
    this.value = data;
    this.state = { kind: 'ready' };
    this.host.requestUpdate();
  }
}
