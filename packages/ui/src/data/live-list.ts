import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ApiClient, ApiError, type Endpoint } from './api-client.js';
import type { Page } from './api-types.js';
import { sharedStream } from './live-stream.js';

/** How far a list has come. */
export type LoadState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: ApiError };

/** Which list, and how the stream's changes concern it. */
export interface LiveListSource<Item> {
  readonly path: string;
  /** The event that carries one item. */
  readonly event: string;
  /** The word under which `removed` names its kind. */
  readonly kind: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly idOf: (item: Item) => string;
  /** Whether an item that arrives belongs into the list; false takes it out. */
  readonly accepts?: (item: Item) => boolean;
}

/** A page holds this many; more are loaded when somebody asks, so that ten thousand cost no more than a screenful. */
const PAGE_SIZE = 100;
/** Changes come in bursts; the list is drawn at most so often. One frame at 60 Hz would be drawn for nobody. */
const DRAW_INTERVAL_MS = 100;

/** A list of the API that stays true: loaded in pages, changed by the stream, loaded anew after a break. */
export class LiveList<Item> implements ReactiveController {
  state: LoadState = { kind: 'loading' };
  total = 0;
  readonly #items = new Map<string, Item>();
  #source: LiveListSource<Item> | undefined;
  #client: ApiClient | undefined;
  #nextCursor: string | null = null;
  #leave: (() => void) | undefined;
  #load: AbortController | undefined;
  #drawTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get items(): readonly Item[] {
    return [...this.#items.values()];
  }

  /** How many there are beyond those that are loaded. */
  get rest(): number {
    return this.#nextCursor === null ? 0 : Math.max(0, this.total - this.#items.size);
  }

  /** Shows this list from now on. Asking for the same one again does nothing. */
  show(endpoint: Endpoint, source: LiveListSource<Item>): void {
    const isSame =
      this.#client?.endpoint.url === endpoint.url &&
      this.#client.endpoint.key === endpoint.key &&
      this.#source?.path === source.path &&
      JSON.stringify(this.#source.query) === JSON.stringify(source.query);
    this.#source = source;
    if (isSame) return;
    this.#client = new ApiClient(endpoint);
    this.#leave?.();
    this.#leave = sharedStream(endpoint).listen({
      onEvent: (event, data) => this.#change(event, data),
      onReset: () => void this.reload(),
      // After a break the host's memory may have been too short; a list is loaded faster than that is found out.
      onState: (state) => state === 'live' && this.state.kind === 'failed' && void this.reload(),
    });
    void this.reload();
  }

  /** Loads the first page anew. */
  async reload(): Promise<void> {
    if (this.state.kind === 'failed') this.state = { kind: 'loading' };
    await this.#loadPage(undefined);
  }

  async loadMore(): Promise<void> {
    if (this.#nextCursor !== null) await this.#loadPage(this.#nextCursor);
  }

  /** Puts in an item that an action has answered with. */
  put(item: Item): void {
    const source = this.#source;
    if (!source) return;
    const id = source.idOf(item);
    if (source.accepts?.(item) ?? true) {
      if (!this.#items.has(id)) this.total += 1;
      this.#items.set(id, item);
    } else if (this.#items.delete(id)) this.total -= 1;
    this.#draw();
  }

  hostDisconnected(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#load?.abort();
    clearTimeout(this.#drawTimer);
    this.#drawTimer = undefined;
    // Shown again, the element has to load again: it does not know what it missed.
    this.#client = undefined;
  }

  async #loadPage(cursor: string | undefined): Promise<void> {
    const [client, source] = [this.#client, this.#source];
    if (!client || !source) return;
    this.#load?.abort();
    const load = new AbortController();
    this.#load = load;
    try {
      const page = await client.get<Page<Item>>(source.path, { limit: PAGE_SIZE, ...source.query, cursor });
      if (load.signal.aborted) return;
      if (cursor === undefined) this.#items.clear();
      for (const item of page.items) this.#items.set(source.idOf(item), item);
      this.total = page.total;
      this.#nextCursor = page.next_cursor;
      this.state = { kind: 'ready' };
    } catch (error) {
      if (load.signal.aborted) return;
      this.state = {
        kind: 'failed',
        error: error instanceof ApiError ? error : new ApiError('other', String(error)),
      };
    }
    this.host.requestUpdate();
  }

  #change(event: string, data: unknown): void {
    const source = this.#source;
    if (!source || this.state.kind !== 'ready') return;
    if (event === source.event) this.put(data as Item);
    if (event !== 'removed') return;
    const { kind, id } = data as { kind: string; id: string };
    if (kind === source.kind && this.#items.delete(id)) {
      this.total -= 1;
      this.#draw();
    }
  }

  #draw(): void {
    this.#drawTimer ??= setTimeout(() => {
      this.#drawTimer = undefined;
      this.host.requestUpdate();
    }, DRAW_INTERVAL_MS);
  }
}
