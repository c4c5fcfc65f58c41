import type { Clock, Logger, SampleStore, Scheduler, Storage } from '@labkeeper/core';
import type { RuleSignals } from '../alerts/signals/rule-signals.js';
import type { SampleIngest } from '../ingest/sample-ingest.js';
import type { QueryService } from '../query/query-service.js';
import { ArrivalEvaluator } from './arrival-evaluator.js';
import type { PlannedRules } from './planned-rules.js';
import { RecentSamples } from './recent/recent-samples.js';
import { RuleBook } from './rule-book.js';
import { RuleParameters } from './rule-parameters.js';
import { WaitingTimes } from './waiting-times.js';

interface RuleEngineParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly scheduler: Scheduler;
  readonly storage: Storage;
  readonly query: QueryService;
  /** Address under which people reach Labkeeper, for templates. */
  readonly externalUrl: () => string;
}

/** What rules need and what needs them: ingest hands every sample to them, and they write samples by it. */
interface RuleConnections {
  readonly ingest: SampleIngest;
  readonly signals: RuleSignals;
}

/** Everything that evaluates rules, as one part with a life of its own. */
export class RuleEngine {
  /** Sees every sample that is taken in. */
  readonly recent: RecentSamples;
  readonly #arrivals: ArrivalEvaluator;
  readonly #waitingTimes: WaitingTimes;
  #book: RuleBook | undefined;

  constructor(private readonly parts: RuleEngineParts) {
    const { clock, log, storage } = parts;
    const samples: SampleStore = storage.samples;
    this.recent = new RecentSamples(samples, () => this.#arrivals.touched());
    this.#arrivals = new ArrivalEvaluator({
      ...{ clock, recent: this.recent },
      evaluators: () => this.book.evaluators,
    });
    this.#waitingTimes = new WaitingTimes({ samples, clock, log });
  }

  /** Called once, when those exist that in turn need {@link recent}. */
  connect({ ingest, signals }: RuleConnections): void {
    const { clock, log, scheduler, storage, query, externalUrl } = this.parts;
    this.#book = new RuleBook({
      ...{ clock, log, scheduler, query, ingest, signals, externalUrl, recent: this.recent },
      parameters: new RuleParameters({ records: storage.records, clock }),
      waitingTimes: this.#waitingTimes,
    });
  }

  get book(): RuleBook {
    if (!this.#book) throw new Error('the rules are not connected');
    return this.#book;
  }

  /** Reads what a restart must know. Called once, before the first {@link apply}. */
  load(): Promise<void> {
    return this.book.load();
  }

  apply(planned: PlannedRules): Promise<void> {
    return this.book.apply(planned);
  }

  /** Lets go of series that have ended. Called every few minutes. */
  sweep(): void {
    this.recent.sweep(this.parts.clock.now());
  }

  /** Evaluates nothing more on arrival; tasks are the scheduler's to stop. */
  stop(): void {
    this.#arrivals.stop();
  }
}
