import {
  type Contribution,
  describeError,
  type PluginContext,
  type Timer,
  type TSchema,
} from '@labkeeper/core';
import type { InstanceBase } from '../plan/plan.js';
import { backOffMs } from './back-off.js';
import { type ContextParts, instanceContext } from './instance-context.js';
import { settleWithin } from './settle-within.js';

/** A plugin that has not started by then is given up for this time and tried again. Longer than any log-in takes. */
const START_LIMIT_MS = 30_000;
/** A plugin that has not stopped by then is left alone: a reload must not wait for it. */
const STOP_LIMIT_MS = 2_000;
/** The pause after a failed start grows from here, so that a target that was just restarting is met soon… */
const FIRST_PAUSE_MS = 1_000;
/** …to here, so that one that is gone for good costs nothing. */
const LONGEST_PAUSE_MS = 300_000;

/** How far an instance is. */
export type InstancePhase = 'starting' | 'running' | 'failing' | 'stopped';

/** Of a contribution only the life cycle. Options are erased here as they are in the plan. */
export type Startable = Pick<Contribution<TSchema, unknown>, 'name' | 'start' | 'stop'>;

/** What a started instance works with. */
export interface Started {
  readonly context: PluginContext<unknown>;
  readonly state: unknown;
}

/**
 * The life of one instance of a plugin: started with retries, stopped once. Whatever the plugin's own `start` and `stop`
 * do (throw, hang, come back too late), nobody else waits for it.
 */
export class PluginInstance {
  #phase: InstancePhase = 'starting';
  #reason = 'it has not been started yet';
  #started: Started | undefined;
  #attempt = new AbortController();
  #failures = 0;
  #retry: Timer | undefined;

  constructor(
    readonly definition: InstanceBase,
    private readonly contribution: Startable,
    private readonly parts: ContextParts,
    /** Told of every change of the phase. */
    private readonly onPhase: () => void = () => undefined,
  ) {}

  get phase(): InstancePhase {
    return this.#phase;
  }

  /** Why it does not run; for people. */
  get reason(): string {
    return this.#reason;
  }

  /** Context and state while it runs. */
  get started(): Started | undefined {
    return this.#started;
  }

  get failures(): number {
    return this.#failures;
  }

  /**
   * Begins, and calls `next` after the first attempt, however that went; at once when there is nothing to start. Further
   * attempts follow by themselves. `next` is not called when the instance was stopped meanwhile.
   */
  begin(next: () => void): void {
    if (!this.contribution.start) {
      this.#run(instanceContext(this.definition, this.parts, this.#attempt.signal), undefined);
      return next();
    }
    void this.#tryStart().then(() => {
      if (this.#phase !== 'stopped') next();
    });
  }

  /** Call it after the last run has ended. Never rejects, and ends within {@link STOP_LIMIT_MS}. */
  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return;
    const started = this.#started;
    this.#enter('stopped', 'it is stopped');
    this.#retry?.cancel();
    this.#started = undefined;
    this.#attempt.abort(new Error('the instance is stopped'));
    if (started) await this.#stopState(started.state);
  }

  async #tryStart(): Promise<void> {
    this.#attempt = new AbortController();
    const attempt = this.#attempt;
    const context = instanceContext(this.definition, this.parts, attempt.signal);
    const starting = Promise.resolve().then(() => this.contribution.start?.(context));
    const result = await settleWithin(this.parts.clock, START_LIMIT_MS, () => starting);
    if (result.outcome === 'done' && this.#phase !== 'stopped') return this.#run(context, result.value);
    if (result.outcome === 'done') return this.#stopState(result.value);
    attempt.abort(new Error('the start took too long'));
    // It may still come back with a connection that nobody wants any more.
    if (result.outcome === 'late')
      starting.then(
        (state) => this.#stopState(state),
        () => undefined,
      );
    if (this.#phase === 'stopped') return;
    this.#fail(
      result.outcome === 'late'
        ? `it did not start within ${START_LIMIT_MS / 1_000} s`
        : describeError(result.error),
    );
  }

  #run(context: PluginContext<unknown>, state: unknown): void {
    this.#started = { context, state };
    this.#failures = 0;
    this.#enter('running', '');
  }

  #fail(thrown: string): void {
    this.#failures += 1;
    const pauseMs = backOffMs(this.#failures, { firstMs: FIRST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS });
    const reason = this.parts.redactor.redact(thrown);
    this.#enter('failing', reason);
    const { id, plugin } = this.definition;
    this.parts.log.warn('an instance could not be started; it is tried again', {
      instance: id,
      plugin,
      reason,
      againInMs: pauseMs,
    });
    this.#retry = this.parts.clock.setTimer(() => void this.#tryStart(), pauseMs);
  }

  #enter(phase: InstancePhase, reason: string): void {
    this.#phase = phase;
    this.#reason = reason;
    this.onPhase();
  }

  async #stopState(state: unknown): Promise<void> {
    const { id, plugin } = this.definition;
    const result = await settleWithin(this.parts.clock, STOP_LIMIT_MS, () => this.contribution.stop?.(state));
    if (result.outcome === 'late')
      this.parts.log.error('a plugin did not stop in time and is left alone', { instance: id, plugin });
    if (result.outcome === 'failed') {
      const reason = this.parts.redactor.redact(describeError(result.error));
      this.parts.log.error('a plugin threw while it stopped', { instance: id, plugin, reason });
    }
  }
}
