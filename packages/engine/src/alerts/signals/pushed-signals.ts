import { isDeepStrictEqual } from 'node:util';
import {
  type Clock,
  type CollectionDeclaration,
  type EntityId,
  fingerprint,
  type Labels,
  LabkeeperError,
  type PushedAlert,
  type RecordStore,
} from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import { readAll } from '../../paging.js';
import type { AlertSignal, SourcedSignal } from '../alert-signal.js';
import { outsideSignal } from './outside-signal.js';
import { PUSHED, pushedSource } from './source-keys.js';

/**
 * An alert without an end is over when it was not sent again for so long (Alertmanager: `resolve_timeout`). After a restart
 * its sender gets the same time to say that it goes on.
 */
const RESOLVE_TIMEOUT_MS = 300_000;
/** More than this many at once are a mistake of the sender, or an attack. */
const MAX_PUSHED = 20_000;

/** A pushed alert on disk. */
interface PushedRecord {
  readonly source: string;
  readonly alert: PushedAlert;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** One in memory, with its signal made once. */
interface Known extends PushedRecord {
  readonly signal: AlertSignal;
}

const PUSHED_ALERTS: CollectionDeclaration = { name: 'pushed_alerts' };
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

interface PushedSignalsParts {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** What an alert with these labels is about. */
  readonly entityOf: (labels: Labels) => EntityId | undefined;
  /** Sources that begin so and whose alert is open in the store. */
  readonly openSources: (prefix: string) => readonly string[];
  /** A source may say something new. */
  readonly offer: (sources: Iterable<string>) => Promise<void>;
}

/** What others have pushed in and still holds. On disk, so that a restart neither forgets nor repeats it. */
export class PushedSignalBook {
  readonly #known = new Map<string, Known>();
  /** As the store has it. */
  readonly #stored = new Map<string, PushedRecord>();
  /** Ended because nobody sent them again. */
  readonly #timedOut = new Set<string>();

  constructor(private readonly parts: PushedSignalsParts) {}

  /** Reads what held at the last stop. Their senders get time to send them again. */
  async load(): Promise<void> {
    const leastMs = this.#nowMs + RESOLVE_TIMEOUT_MS;
    for await (const record of readAll(this.parts.records.collection<PushedRecord>(PUSHED_ALERTS))) {
      this.#stored.set(record.source, record);
      this.#keep({ ...record, endsAtMs: Math.max(record.endsAtMs, leastMs) });
    }
  }

  /** Looks at everything that was pushed and at every alert that this opened: a crash may have come between the two. Called once after the start. */
  catchUp(): Promise<void> {
    return this.parts.offer(new Set([...this.#known.keys(), ...this.parts.openSources(PUSHED)]));
  }

  /**
   * Takes alerts in. Resolves when they are on disk, and their consequences too unless the store went away in between. Rejects with
   * VALIDATION_ERROR, naming all faults, when some are faulty: the others are taken all the same. Rejects with what the store throws; then the
   * sender has to try again.
   */
  async push(way: string, alerts: readonly PushedAlert[]): Promise<void> {
    const nowMs = this.#nowMs;
    const faults = alerts.map(faultOf);
    const records = alerts.flatMap((alert, index) =>
      faults[index] === undefined ? [this.#record(way, alert, nowMs)] : [],
    );
    this.#assertRoom(records);
    await this.#write(records, nowMs);
    for (const record of records) this.#take(record, nowMs);
    await this.parts.offer(records.map(({ source }) => source));
    const found = faults.flatMap((fault, index) =>
      fault === undefined ? [] : [`alerts/${index}: ${fault}`],
    );
    if (found.length > 0) throw new LabkeeperError('VALIDATION_ERROR', found.join('; '), { field: 'alerts' });
  }

  /** Ends what was not sent again. Called every few seconds; rejects with what the store throws, and then does it at the next call. */
  async tick(): Promise<void> {
    const nowMs = this.#nowMs;
    this.#forgetReasons();
    const over = [...this.#known.values()].filter(({ endsAtMs }) => endsAtMs <= nowMs);
    if (over.length === 0) return;
    await this.#write(over, nowMs);
    for (const { source } of over) {
      this.#timedOut.add(source);
      this.#known.delete(source);
    }
    await this.parts.offer(over.map(({ source }) => source));
  }

  signal(source: string): AlertSignal | undefined {
    return this.#known.get(source)?.signal;
  }

  /** Why an alert of this source is over. */
  reasonOfEnd(source: string): string {
    return this.#timedOut.has(source) ? 'it was not sent again' : 'its sender says so';
  }

  *all(): Generator<SourcedSignal> {
    for (const { source, signal } of this.#known.values()) yield { ...signal, source };
  }

  #record(way: string, { labels, annotations, ...rest }: PushedAlert, nowMs: number): PushedRecord {
    const alert: PushedAlert = {
      labels: withoutEmpty(labels),
      annotations: this.parts.redactor.redactValue(withoutEmpty(annotations)) as Labels,
      ...rest,
    };
    const source = pushedSource(way, fingerprint(alert.labels));
    const startsAtMs = Math.min(alert.startsAtMs ?? this.#known.get(source)?.startsAtMs ?? nowMs, nowMs);
    return { source, alert, startsAtMs, endsAtMs: alert.endsAtMs ?? nowMs + RESOLVE_TIMEOUT_MS };
  }

  /** Writes what a restart would have to know. That an alert goes on is news only when its end has moved by much. */
  async #write(records: readonly PushedRecord[], nowMs: number): Promise<void> {
    const over = records.filter(({ source, endsAtMs }) => endsAtMs <= nowMs && this.#stored.has(source));
    const news = records.filter((record) => record.endsAtMs > nowMs && this.#isNews(record));
    if (over.length === 0 && news.length === 0) return;
    await this.parts.records.transaction(async (transaction) => {
      const collection = transaction.collection<PushedRecord>(PUSHED_ALERTS);
      for (const { source } of over) await collection.delete(source);
      for (const record of news) await collection.put(record.source, record);
    });
    for (const { source } of over) this.#stored.delete(source);
    for (const record of news) this.#stored.set(record.source, record);
  }

  #isNews(record: PushedRecord): boolean {
    const stored = this.#stored.get(record.source);
    if (!stored || Math.abs(stored.endsAtMs - record.endsAtMs) > RESOLVE_TIMEOUT_MS) return true;
    return !isDeepStrictEqual(stored.alert.annotations, record.alert.annotations);
  }

  #take(record: PushedRecord, nowMs: number): void {
    this.#timedOut.delete(record.source);
    if (record.endsAtMs > nowMs) this.#keep(record);
    else this.#known.delete(record.source);
  }

  #keep(record: PushedRecord): void {
    const { labels, annotations, url } = record.alert;
    const signal = outsideSignal({
      ...{ labels, annotations, phase: 'firing', sinceMs: record.startsAtMs },
      entity: this.parts.entityOf(labels),
      ...(url === undefined ? {} : { url }),
    });
    this.#known.set(record.source, { ...record, signal });
  }

  /** Reasons are worth keeping until the alerts are resolved with them. */
  #forgetReasons(): void {
    if (this.#timedOut.size === 0) return;
    const open = new Set(this.parts.openSources(PUSHED));
    for (const source of this.#timedOut) if (!open.has(source)) this.#timedOut.delete(source);
  }

  #assertRoom(records: readonly PushedRecord[]): void {
    const added = records.filter(({ source }) => !this.#known.has(source)).length;
    if (this.#known.size + added > MAX_PUSHED)
      throw new LabkeeperError(
        'TOO_MANY_REQUESTS',
        `more than ${MAX_PUSHED} pushed alerts at once are not taken`,
        {
          field: 'alerts',
        },
      );
  }

  get #nowMs(): number {
    return Math.round(this.parts.clock.now());
  }
}

function faultOf({ labels, startsAtMs, endsAtMs }: PushedAlert): string | undefined {
  const named = Object.entries(labels).filter(([, value]) => value !== '');
  if (named.length === 0) return 'it has no labels';
  const wrong = named.find(([name]) => !LABEL_NAME.test(name));
  if (wrong) return `'${wrong[0]}' is not the name of a label`;
  if ([startsAtMs, endsAtMs].some((timeMs) => timeMs !== undefined && !Number.isFinite(timeMs)))
    return 'a time is none';
  if (startsAtMs !== undefined && endsAtMs !== undefined && endsAtMs < startsAtMs)
    return 'it ends before it begins';
  return undefined;
}

function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
