import {
  type AppendOutcome,
  type Clock,
  describeError,
  type EntityId,
  type Labels,
  LabkeeperError,
  type Logger,
  type Sample,
  type SampleBatch,
  type SampleStore,
  type Series,
  type Timer,
} from '@labkeeper/core';
import type { EventBus, Redactor } from '@labkeeper/core/runtime';
import type { EngineEvents } from '../engine-events.js';
import type { Ingest, IngestStats } from './ingest.js';
import { LogThrottle } from './log-throttle.js';
import { type GatheredRows, OpenRows, SampleBacklog } from './sample-backlog.js';
import type { SampleTap } from './sample-tap.js';
import { MAX_SERIES_PER_SOURCE, SeriesInterner } from './series-interner.js';

/** Samples wait this long for company. With it, a thousand checks a minute are 60 writes instead of 1,000. */
const FLUSH_INTERVAL_MS = 1_000;
/** A batch this large leaves at once; larger ones only make the database's transactions longer. */
const FLUSH_ROWS = 10_000;
/**
 * While the store cannot be written, so many rows are kept: 12 minutes of 1,000 samples a second, some 20 MB.
 * Beyond it the oldest go first, and are counted.
 */
const MAX_BACKLOG_ROWS = 720_000;
/** The pause after a failed write doubles from here… */
const FIRST_RETRY_MS = 1_000;
/** …up to here, which is the longest that nobody notices that the store is back. */
const LONGEST_RETRY_MS = 30_000;

/** Clocks differ a little. What claims to be from further ahead would make the samples of the present look old. */
const FUTURE_MS = 600_000;

interface IngestParts {
  readonly store: SampleStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventBus<EngineEvents>;
  readonly redactor: Redactor;
  readonly tap?: SampleTap;
}

/** Checks samples, puts them in columns, writes them in groups, one write at a time, and survives a store that is away. */
export class SampleIngest implements Ingest {
  #open = new OpenRows();
  readonly #backlog = new SampleBacklog(MAX_BACKLOG_ROWS);
  readonly #throttle: LogThrottle;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isStopped = false;
  readonly #counts = { stored: 0, invalid: 0, refused: 0, dropped: 0, appends: 0, failedAppends: 0 };

  constructor(private readonly parts: IngestParts) {
    this.#throttle = new LogThrottle(parts.clock);
  }

  source({ plugin, labels = {}, entity }: { plugin: string; labels?: Labels; entity?: EntityId }) {
    const interner = new SeriesInterner(
      labels,
      (text) => this.parts.redactor.redact(text),
      () => this.parts.clock.monotonicMs(),
    );
    return {
      add: (samples: readonly Sample[], timeMs: number): void => {
        if (!Array.isArray(samples)) return;
        for (const sample of samples as readonly Sample[]) {
          if (!this.#take(sample, interner, timeMs)) this.#refuse(sample, plugin, interner.isFull);
        }
        if (entity !== undefined) this.#open.entities.add(entity);
        this.#schedule();
      },
    };
  }

  /** A series for {@link push}. Name and labels must be valid. */
  series(name: string, labels: Labels): Series {
    const redactor = this.parts.redactor;
    const shown = Object.entries(labels).filter(([, value]) => value !== '');
    return Object.freeze({
      name,
      labels: Object.freeze(
        Object.fromEntries(shown.map(([label, value]) => [label, redactor.redact(value)])),
      ),
    });
  }

  /** Takes one value of a series that is known to be valid. The way in for what the engine itself measures. */
  push(series: Series, timeMs: number, value: number): void {
    this.#open.push(series, timeMs, value);
    this.parts.tap?.take(series, timeMs, value);
    this.#schedule();
  }

  /**
   * Writes rows of somebody who waits for the answer, past the backlog: who sends them keeps them until they are in the store. Rejects
   * with what the store throws.
   */
  async write(batch: SampleBatch, entities: readonly EntityId[] = []): Promise<AppendOutcome> {
    const outcome = await this.parts.store.append(batch);
    const { tap } = this.parts;
    if (tap)
      for (const [row, series] of batch.series.entries())
        tap.take(series, batch.timesMs[row] as number, batch.values[row] as number);
    this.#countRefused(outcome);
    this.#counts.appends += 1;
    this.#counts.stored += batch.series.length;
    this.parts.events.emit('samples.appended', { count: batch.series.length, entities, batch });
    return outcome;
  }

  async flush(): Promise<void> {
    this.#close();
    while (this.#writing) await this.#writing;
    if (this.#backlog.rows > 0) await this.#write();
  }

  stats(): IngestStats {
    return { ...this.#counts, backlog: this.#backlog.rows + this.#open.length };
  }

  /** Writes the rest and leaves no timer. What the store does not take now is lost, and said. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.flush();
    this.#timer?.cancel();
    this.#timer = undefined;
    const { rows } = this.#backlog;
    if (rows > 0)
      this.parts.log.error('samples are lost: the store could not take them before the stop', { rows });
  }

  #take(sample: Sample, interner: SeriesInterner, timeMs: number): boolean {
    if (typeof sample !== 'object' || sample === null || typeof sample.value !== 'number') return false;
    const atMs = sample.timeMs ?? timeMs;
    const series = interner.of(sample);
    if (!series || !Number.isSafeInteger(atMs) || atMs > this.parts.clock.now() + FUTURE_MS) return false;
    this.#open.push(series, atMs, sample.value);
    this.parts.tap?.take(series, atMs, sample.value);
    return true;
  }

  #refuse(sample: Sample | undefined, plugin: string, hasTooMany: boolean): void {
    this.#counts.invalid += 1;
    const metric = String(sample?.name);
    const held = this.#throttle.pass(`${plugin} ${metric}`);
    if (held === undefined) return;
    const [code, message] = hasTooMany
      ? ([
          'SAMPLE_SERIES_LIMIT',
          `a sample was refused: its source has had ${MAX_SERIES_PER_SOURCE} different series within an hour`,
        ] as const)
      : ([
          'SAMPLE_INVALID',
          'a sample was refused: its name, a label, its time or its value is not valid',
        ] as const);
    this.parts.log.warn(message, { code, plugin, metric, ...(held > 0 ? { alsoRefused: held } : {}) });
  }

  /** Called for every sample of a check, so it looks at little. */
  #schedule(): void {
    const rows = this.#open.length;
    if (rows >= FLUSH_ROWS) {
      this.#close();
      // While the store is away the timer decides when to try again; a full batch must not hurry it.
      if (!this.#writing && this.#retryMs === FIRST_RETRY_MS) void this.#write();
    } else if (!this.#timer && rows > 0 && !this.#writing) {
      this.#flushIn(FLUSH_INTERVAL_MS);
    }
  }

  #flushIn(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer ??= this.parts.clock.setTimer(() => {
      this.#timer = undefined;
      this.#close();
      if (!this.#writing) void this.#write();
    }, delayMs);
  }

  /** Moves the open rows to the end of the backlog. */
  #close(): void {
    if (this.#open.length === 0) return;
    const dropped = this.#backlog.push(this.#open.close());
    this.#open = new OpenRows();
    if (dropped === 0) return;
    this.#counts.dropped += dropped;
    this.parts.log.error('the backlog is full: the oldest samples were dropped', { rows: dropped });
  }

  async #write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#writeBacklog().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
    if (this.#backlog.rows > 0) this.#flushIn(this.#retryMs);
    else if (this.#open.length > 0) this.#flushIn(FLUSH_INTERVAL_MS);
  }

  /** Never rejects. Stops at the first batch that the store cannot take now. */
  async #writeBacklog(): Promise<void> {
    for (let rows = this.#backlog.first(); rows; rows = this.#backlog.first()) {
      try {
        this.#countRefused(await this.parts.store.append(rows));
      } catch (error) {
        this.#counts.failedAppends += 1;
        if (!this.#isHopeless(error, rows)) return this.#waitForStore(error);
        continue;
      }
      this.#backlog.shift();
      this.#retryMs = FIRST_RETRY_MS;
      this.#counts.appends += 1;
      this.#counts.stored += rows.series.length;
      this.parts.events.emit('samples.appended', {
        count: rows.series.length,
        entities: [...rows.entities],
        batch: rows,
      });
    }
  }

  #countRefused({ conflicting, tooOld }: AppendOutcome): void {
    const refused = conflicting + tooOld;
    if (refused === 0) return;
    this.#counts.refused += refused;
    const held = this.#throttle.pass('refused by the store');
    if (held === undefined) return;
    this.parts.log.warn(
      'the store refused samples: another value is there for their time, or they came too late',
      {
        conflicting,
        tooOld,
        ...(held > 0 ? { alsoRefused: held } : {}),
      },
    );
  }

  /** A batch that the store will never take must not hold up the ones behind it. */
  #isHopeless(error: unknown, rows: GatheredRows): boolean {
    if (!(error instanceof LabkeeperError) || error.code !== 'STORAGE_INVALID') return false;
    this.#backlog.shift();
    this.#counts.invalid += rows.series.length;
    this.parts.log.error('the store refused samples for good', {
      rows: rows.series.length,
      reason: describeError(error),
    });
    return true;
  }

  #waitForStore(error: unknown): void {
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    this.parts.log.error('samples cannot be stored at the moment; they are kept and tried again', {
      reason: describeError(error),
      rows: this.#backlog.rows,
      againInMs: this.#retryMs,
    });
  }
}
