import type { Clock, EntityId, Labels, Logger } from '@labkeeper/core';
import type { AlertPlanner, SourceFacts } from '../alert-planner.js';
import type { AlertSignal, SourcedSignal } from '../alert-signal.js';
import type { AlertStore } from '../alert-store.js';
import type { AlertWriter } from '../alert-writer.js';
import type { Turns } from '../turns.js';
import { WriteLoop } from '../write-loop.js';
import { isPushed } from './source-keys.js';

/** A source that has no check of its own is believed again so long after what it needs is back, whether it has spoken or not. */
const BELIEVED_AFTER_MS = 120_000;

/** What rules or pushed alerts say. */
interface SignalBook {
  signal(source: string): AlertSignal | undefined;
  reasonOfEnd(source: string): string;
  all(): Iterable<SourcedSignal>;
}

interface OutsideParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: AlertStore;
  readonly planner: AlertPlanner;
  readonly writer: AlertWriter;
  readonly turns: Turns;
  readonly rules: SignalBook & { hasSpoken(source: string): boolean };
  readonly pushed: SignalBook;
  readonly isFirst: (labels: () => Labels) => boolean;
  readonly ancestorsOf: (id: EntityId) => readonly EntityId[];
}

/** What a source says now. */
export interface Said {
  readonly signal: AlertSignal | undefined;
  readonly facts: SourceFacts;
}

/** Makes alerts follow rules and what is pushed in, in the way in which {@link Reconciler} makes them follow checks. */
export class OutsideReconciler {
  readonly #loop: WriteLoop<string>;
  /** When something that a source's entity needs was last found to be back. */
  readonly #freshFromMs = new Map<string, number>();

  constructor(private readonly parts: OutsideParts) {
    const { clock, log, isFirst } = parts;
    this.#loop = new WriteLoop<string>({
      ...{ clock, log, name: 'alerts' },
      write: (sources) => this.#write(sources),
      isFirst: (source) => isFirst(() => this.#bookOf(source).signal(source)?.labels ?? {}),
    });
  }

  /** These sources may say something new. Resolves when that is written, or cannot be written now; never rejects. */
  async offer(sources: Iterable<string>): Promise<void> {
    this.#loop.add(...[...sources].filter((source) => this.#isWorthALook(source)));
    await this.#loop.settled();
  }

  /** What a source says; undefined: nobody knows yet. */
  saidBy(source: string): Said | undefined {
    const { rules } = this.parts;
    if (!isPushed(source) && !rules.hasSpoken(source)) return undefined;
    const book = this.#bookOf(source);
    const signal = book.signal(source);
    const facts: SourceFacts = {
      source,
      ending: () => ({
        title: `Over: ${this.parts.store.bySource(source)?.alert.title ?? source}`,
        reason: book.reasonOfEnd(source),
      }),
      mayTell: true,
      isFresh: this.#isFresh(source, signal),
    };
    return { signal, facts };
  }

  /** Every signal there is. */
  *signals(): Generator<SourcedSignal> {
    yield* this.parts.rules.all();
    yield* this.parts.pushed.all();
  }

  signal(source: string): AlertSignal | undefined {
    return this.#bookOf(source).signal(source);
  }

  /** Something is no longer down: what was held back because of it has to be seen again before it is told. */
  recheckDependents(entity: EntityId): void {
    for (const source of this.#freshFromMs.keys())
      if (this.parts.store.bySource(source)?.alert.state !== 'firing') this.#freshFromMs.delete(source);
    for (const { alert, source } of this.parts.store.firing()) {
      if (alert.suppression?.kind !== 'dependency' || alert.entity === undefined) continue;
      if (this.parts.ancestorsOf(alert.entity).includes(entity))
        this.#freshFromMs.set(source, this.parts.clock.now());
    }
  }

  beat(): void {
    this.#loop.beat();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #isFresh(source: string, signal: AlertSignal | undefined): boolean {
    const fromMs = this.#freshFromMs.get(source);
    if (fromMs === undefined) return true;
    const isFresh = (signal?.atMs ?? 0) > fromMs || this.parts.clock.now() - fromMs >= BELIEVED_AFTER_MS;
    if (isFresh) this.#freshFromMs.delete(source);
    return isFresh;
  }

  /** Called for every alert of every evaluation: most are pending, or over and done with. */
  #isWorthALook(source: string): boolean {
    return this.parts.store.bySource(source) !== undefined || this.signal(source)?.phase === 'firing';
  }

  #bookOf(source: string): SignalBook {
    return isPushed(source) ? this.parts.pushed : this.parts.rules;
  }

  #write(sources: readonly string[]): Promise<void> {
    const { store, planner, turns, writer } = this.parts;
    return turns.take(async () => {
      const plans = sources.flatMap((source) => {
        const said = this.saidBy(source);
        return said ? planner.forSignal(store.bySource(source), said.signal, said.facts) : [];
      });
      if (plans.length > 0) await writer.commit(plans);
    });
  }
}
