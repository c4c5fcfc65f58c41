import { type Clock, LabkeeperError, type Timer } from '@labkeeper/core';
import { eventId, frameOf, numberOfId, type Topic } from './delta.js';
import { DeltaRing } from './delta-ring.js';
import { LiveClient, type LiveSink } from './live-client.js';

/** Proxies and phones close a connection that is silent; the shortest limits met in practice are 5 s. */
const PING_INTERVAL_MS = 4_000;

/** A client that takes nothing for so long is cut off. It comes back and resumes. */
const STUCK_AFTER_MS = 30_000;

/** With nobody listening for so long, changes are not written down any more: who comes back later reloads. */
const REMEMBER_MS = 60_000;

/** Streams at the same time. Each costs a socket and some 100 kB at worst; one more is refused. */
const MAX_CLIENTS = 500;

/** How soon a client's EventSource comes back after a break. */
const RETRY_MS = 2_000;

export interface Subscription {
  readonly sink: LiveSink;
  readonly topics?: ReadonlySet<Topic>;
  /** The `Last-Event-ID` that the client sent. */
  readonly lastEventId?: string;
  /** False once its key or session has ended. Asked every few seconds. */
  isAllowed(): Promise<boolean>;
}

/** One stream of changes for everybody: each change becomes text once, whoever listens. */
export class LiveHub {
  readonly #ring = new DeltaRing();
  readonly #clients = new Map<LiveClient, Subscription>();
  #ping: Timer | undefined;
  #lastLeftMs = Number.NEGATIVE_INFINITY;
  #isRecording = false;
  #isPumping = false;
  #isClosed = false;

  constructor(
    private readonly bootId: string,
    private readonly clock: Clock,
  ) {}

  /** True while somebody listens or may come back for what was missed. Nothing needs to be published otherwise. */
  get isWanted(): boolean {
    const isWanted = this.#clients.size > 0 || this.clock.monotonicMs() - this.#lastLeftMs < REMEMBER_MS;
    if (this.#isRecording && !isWanted) this.#ring.clear();
    this.#isRecording = isWanted;
    return isWanted;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Sends a change to everybody who wants its topic. */
  publish(topic: Topic, event: string, json: string): void {
    if (!this.isWanted) return;
    this.#ring.push((number) => ({
      number,
      topic,
      frame: frameOf(eventId(this.bootId, number), event, json),
    }));
    this.#pumpSoon();
  }

  /** Adds a client; the returned function takes it out again. Throws TOO_MANY_REQUESTS and SERVICE_UNAVAILABLE. */
  subscribe(subscription: Subscription): () => void {
    if (this.#isClosed) throw new LabkeeperError('SERVICE_UNAVAILABLE', 'Labkeeper is stopping.');
    if (this.#clients.size >= MAX_CLIENTS)
      throw new LabkeeperError('TOO_MANY_REQUESTS', `There are ${MAX_CLIENTS} streams already.`);
    // Before anything is added: what nobody wrote down cannot be resumed.
    void this.isWanted;
    const client = this.#greet(subscription);
    this.#clients.set(client, subscription);
    this.#isRecording = true;
    this.#ping ??= this.clock.setTimer(() => this.#pingAll(), PING_INTERVAL_MS);
    subscription.sink.onDrain(() => {
      client.drained();
      client.pump(this.#ring, this.clock.monotonicMs());
    });
    client.pump(this.#ring, this.clock.monotonicMs());
    return () => this.#leave(client);
  }

  /** Ends every stream. Idempotent; no client can come after it. */
  close(): void {
    this.#isClosed = true;
    for (const client of this.#clients.keys()) client.end();
    this.#clients.clear();
    this.#ping?.cancel();
    this.#ping = undefined;
  }

  #greet({ sink, topics, lastEventId }: Subscription): LiveClient {
    const nowMs = this.clock.monotonicMs();
    const seen = numberOfId(this.bootId, lastEventId);
    const canResume = seen !== undefined && seen + 1 >= this.#ring.oldest && seen <= this.#ring.newest;
    const client = new LiveClient({
      sink,
      seen: canResume ? seen : this.#ring.newest,
      idOf: (number) => eventId(this.bootId, number),
      ...(topics ? { topics } : {}),
    });
    // An id without data is no event, but the client will send it when it comes back.
    client.comment(
      `retry: ${RETRY_MS}\n${canResume ? '' : `id: ${eventId(this.bootId, this.#ring.newest)}\n`}\n`,
      nowMs,
    );
    if (lastEventId !== undefined && !canResume) client.reset(this.#ring, nowMs);
    return client;
  }

  #leave(client: LiveClient): void {
    if (!this.#clients.delete(client)) return;
    this.#lastLeftMs = this.clock.monotonicMs();
    if (this.#clients.size > 0) return;
    this.#ping?.cancel();
    this.#ping = undefined;
  }

  /** Changes that come together leave together, in one write per client. */
  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      const nowMs = this.clock.monotonicMs();
      for (const client of this.#clients.keys()) client.pump(this.#ring, nowMs);
    });
  }

  #pingAll(): void {
    this.#ping = this.clock.setTimer(() => this.#pingAll(), PING_INTERVAL_MS);
    const nowMs = this.clock.monotonicMs();
    for (const [client, subscription] of this.#clients) {
      const isStuck = client.fullSinceMs !== undefined && nowMs - client.fullSinceMs >= STUCK_AFTER_MS;
      if (isStuck) client.destroy();
      else client.comment(': ping\n\n', nowMs);
      this.#endIfRefused(client, subscription);
    }
  }

  #endIfRefused(client: LiveClient, subscription: Subscription): void {
    // A store that cannot be asked right now is no reason to send anybody away.
    subscription.isAllowed().then(
      (isAllowed) => isAllowed || client.end(),
      () => undefined,
    );
  }
}
