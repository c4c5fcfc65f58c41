import {
  type AppendOptions,
  type AppendOutcome,
  type Cardinality,
  type Clock,
  describeError,
  LabkeeperError,
  type Logger,
  type Matcher,
  type RollupResult,
  type SampleBatch,
  type SampleStats,
  type SampleStore,
  type Series,
  type SeriesSamples,
  type StepSpan,
  TurnQueue,
} from '@labkeeper/core';
import { pickRows } from './column.js';
import { Compactor } from './compact/compactor.js';
import { ROLLUP_STEPS_MS } from './compact/settle-series.js';
import type { Settler } from './compact/settler.js';
import { Head } from './head/head.js';
import type { HeadSeries } from './head/head-series.js';
import type { ReadRows } from './journal/frame-decoder.js';
import { Journal } from './journal/journal.js';
import type { JournalMedium } from './journal/journal-medium.js';
import { Remover } from './life/remover.js';
import { Retention, type RetentionRules } from './life/retention.js';
import { Sealer } from './life/sealer.js';
import type { ChunkStore } from './packs/chunk-store.js';
import { PackDirectory } from './packs/pack-directory.js';
import { latestSamples } from './read/latest-reader.js';
import { RollupReader } from './read/rollup-reader.js';
import { SampleReader } from './read/sample-reader.js';
import { cardinalityOf, statsOf } from './stats.js';

/** How samples are kept. */
export interface TsdbRules {
  /** Length of a window of sealed packs; a day is a multiple of it. Part of the format. */
  readonly windowMs: number;
  /** Samples of a window stay in the head so long after its end: most late ones then need no pack of their own. */
  readonly graceMs: number;
  /** A day is settled so long after its end: what came late by then needs no second settling. */
  readonly settleGraceMs: number;
  readonly maxHeadBytes: number;
  /** How far behind the newest of its series a sample may come. */
  readonly outOfOrderMs: number;
  /** How old a sample may get before it survives a power cut. 0: an append resolves when it does. */
  readonly syncWithinMs: number;
  readonly retention: RetentionRules;
  /** Decoded chunks that are remembered, for samples and for roll-ups together. */
  readonly cacheBytes: number;
}

const DAY_MS = 86_400_000;

/**
 * Two hours, as in Prometheus: chunks of some hundred samples cost little beside their samples. Ten minutes of grace are longer than an agent
 * usually lags; what comes later than a day's end by more than an hour has it settled twice. 64 MB in the head are 10,000 series at 10 s for longer than that. A cache of 24 MB holds a day of 100 series.
 */
export const TSDB_RULES: TsdbRules = {
  windowMs: 7_200_000,
  graceMs: 600_000,
  settleGraceMs: 3_900_000,
  maxHeadBytes: 64 * 1024 * 1024,
  outOfOrderMs: 3_600_000,
  syncWithinMs: 10_000,
  retention: {
    keepMs: new Map([
      [0, 30 * DAY_MS],
      [ROLLUP_STEPS_MS[0], 365 * DAY_MS],
      [ROLLUP_STEPS_MS[1], 5 * 365 * DAY_MS],
    ]),
    maxBytes: Number.POSITIVE_INFINITY,
  },
  cacheBytes: 24 * 1024 * 1024,
};

export interface TsdbParts {
  readonly store: ChunkStore;
  readonly medium: JournalMedium;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: TsdbRules;
  /** Makes what does the work of one compaction. */
  readonly settler: () => Settler;
}

interface Rooms {
  readonly head: Head;
  readonly journal: Journal;
  readonly directory: PackDirectory;
  readonly sealer: Sealer;
  readonly compactor: Compactor;
  readonly remover: Remover;
  readonly retention: Retention;
  readonly samples: SampleReader;
  readonly rollups: RollupReader;
}

/** Time series in memory, in a journal, and in packs of a chunk store. See docs/decisions/0015. */
export class Tsdb implements SampleStore {
  /** Sealing, settling and deleting take turns; appending and reading do not wait for them. */
  readonly #upkeep = new TurnQueue();
  #isUpkeepDue = false;
  #isClosed = false;

  private constructor(
    private readonly parts: TsdbParts,
    private readonly rooms: Rooms,
  ) {}

  /** Reads what there is. Throws what the chunk store and the journal's medium throw. */
  static async open(parts: TsdbParts): Promise<Tsdb> {
    const { store, medium, clock, log, rules } = parts;
    const { series, packs, sealed = {} } = await store.load();
    const head = new Head(rules, () => clock.now());
    for (const { id, ...one } of series) head.restore(id, one);
    // Packs may hold series whose names were lost: their numbers must not become others'.
    for (const { lastSeries } of packs) head.keepNumber(lastSeries);
    const directory = new PackDirectory(store, packs);
    const journal = new Journal({
      medium,
      clock,
      log,
      syncWithinMs: rules.syncWithinMs,
      lastSegment: Math.max(0, ...Object.keys(sealed).map(Number)),
      onUnsafe: () => sealer.wantAll(),
    });
    const sealer: Sealer = new Sealer({ ...parts, ...rules, head, journal, directory }, sealed);
    await journal.replay((segment, rows) => {
      const untilMs = sealed[segment];
      return head.take(untilMs === undefined ? rows : later(rows, untilMs), true).newestMs;
    });
    const remover = new Remover({ head, store, directory });
    const isPresent = (packId: number) => directory.has(packId);
    const samples = new SampleReader(directory, {
      store,
      clock,
      log,
      isPresent,
      cacheBytes: rules.cacheBytes * (2 / 3),
    });
    return new Tsdb(parts, {
      ...{ head, journal, directory, sealer, remover, samples },
      compactor: new Compactor({ ...parts, directory, index: head.index }),
      retention: new Retention({ head, store, directory, remover, rules: rules.retention }),
      rollups: new RollupReader(directory, samples, {
        store,
        clock,
        log,
        isPresent,
        cacheBytes: rules.cacheBytes / 3,
      }),
    });
  }

  append = async (batch: SampleBatch, { backfill = false }: AppendOptions = {}): Promise<AppendOutcome> => {
    this.#assertOpen();
    const { head, journal } = this.rooms;
    if (this.#isFull && this.rooms.sealer.isFailing) throw noRoom();
    const { outcome, rows, newestMs } = head.take(batch, backfill);
    try {
      if (rows.count > 0) await journal.append(rows, newestMs);
    } finally {
      // Also after a failure: sealing gives back room that the journal may be in want of.
      this.#keepUpWhenDue();
    }
    // Samples come faster than they can be moved into packs: the caller waits for room.
    if (this.#isFull) await this.#upkeep.drained();
    return outcome;
  };

  select = async (
    matchers: readonly Matcher[],
    fromMs: number,
    toMs: number,
  ): Promise<readonly SeriesSamples[]> => {
    const entries = fromMs <= toMs ? this.#required(matchers) : [];
    if (entries.length === 0) return [];
    const columns = await this.rooms.samples.between(entries, fromMs, toMs);
    const found: SeriesSamples[] = [];
    for (const [index, { series }] of entries.entries()) {
      const { timesMs, values } = columns[index] as (typeof columns)[number];
      if (timesMs.length > 0) found.push({ series, timesMs, values });
    }
    return found;
  };

  latest = async (matchers: readonly Matcher[], sinceMs: number): Promise<readonly SeriesSamples[]> =>
    latestSamples(this.rooms.samples, this.rooms.directory, this.#required(matchers), sinceMs);

  rollup = async (matchers: readonly Matcher[], span: StepSpan): Promise<RollupResult> =>
    this.rooms.rollups.read(this.#required(matchers), span);

  series = async (matchers: readonly Matcher[]): Promise<readonly Series[]> =>
    this.rooms.head.index.matching(matchers).map(({ series }) => series);

  labelNames = async (): Promise<readonly string[]> => this.rooms.head.index.labelNames();

  labelValues = async (label: string): Promise<readonly string[]> => this.rooms.head.index.labelValues(label);

  delete = async (matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<number> => {
    this.#required(matchers);
    this.#assertOpen();
    if (fromMs > toMs) return 0;
    return this.#upkeep.run(() => this.#delete(matchers, fromMs, toMs));
  };

  stats = async (): Promise<SampleStats> => statsOf(this.rooms.head, this.rooms.directory);

  cardinality = async (limit: number): Promise<Cardinality> => cardinalityOf(this.rooms.head.index, limit);

  /** Makes everything that was appended survive a power cut. */
  sync(): Promise<void> {
    return this.rooms.journal.sync();
  }

  /** Moves everything into packs, and brings every day that has ended into its final form. For tests, which cannot wait for days. */
  settle(): Promise<void> {
    return this.#upkeep.run(async () => {
      await this.rooms.sealer.seal();
      await this.#compactAndRetire();
    });
  }

  /** Ends upkeep and syncs. What is not in packs is in the journal. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#upkeep.drained();
    await this.rooms.journal.close();
  }

  async #delete(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<number> {
    const { head, sealer, remover, compactor, samples, rollups } = this.rooms;
    const entries = head.index.matching(matchers);
    const isInHead = entries.some((entry) => entry.between(fromMs, toMs).timesMs.length > 0);
    if (isInHead) await sealer.seal();
    // Counted as a reader sees them: what came twice may lie in two packs.
    const columns = await samples.between(entries, fromMs, toMs);
    const days = await remover.remove(entries, { fromMs, toMs });
    samples.clear();
    rollups.clear();
    // Steps that reached into the span went with it: they are made again of what is left of their samples.
    for (const dayMs of days) if (compactor.isRolledUp(dayMs)) await this.#compact(dayMs);
    return columns.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  }

  get #isFull(): boolean {
    return this.rooms.head.bytes > this.parts.rules.maxHeadBytes * 2;
  }

  #keepUpWhenDue(): void {
    if (this.#isUpkeepDue || this.#isClosed) return;
    const untilMs = this.rooms.sealer.due();
    if (untilMs === undefined) return;
    this.#isUpkeepDue = true;
    void this.#upkeep.run(async () => {
      await this.rooms.sealer.sealInBackground(untilMs);
      this.#isUpkeepDue = false;
      await this.#compactAndRetire().catch((error: unknown) => {
        this.parts.log.warn('old samples could not be let go; tried again after the next sealing', {
          reason: describeError(error),
        });
      });
    });
  }

  async #compactAndRetire(): Promise<void> {
    const { compactor, retention, directory } = this.rooms;
    const nowMs = this.parts.clock.now();
    await directory.reconcile();
    // Late samples of a day that has just ended are still to come.
    const dueDays = compactor.dueDays(nowMs - this.parts.rules.settleGraceMs);
    for (const dayMs of dueDays) await this.#compact(dayMs);
    await retention.retire(nowMs);
    if (dueDays.length > 0 && !this.#isClosed) await this.parts.store.tidy();
  }

  /** A day that cannot be read must not hold up the others, nor what is to go. */
  async #compact(dayMs: number): Promise<void> {
    try {
      await this.rooms.compactor.compact(dayMs);
    } catch (error) {
      this.parts.log.warn('samples could not be settled; tried again after the next sealing', {
        day: new Date(dayMs).toISOString(),
        reason: describeError(error),
      });
    }
  }

  #required(matchers: readonly Matcher[]): readonly HeadSeries[] {
    if (matchers.length === 0)
      throw new LabkeeperError('STORAGE_INVALID', 'a selection needs at least one matcher');
    return this.rooms.head.index.matching(matchers);
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new LabkeeperError('STORAGE_UNAVAILABLE', 'the storage is closed');
  }
}

function noRoom(): LabkeeperError {
  return new LabkeeperError(
    'STORAGE_UNAVAILABLE',
    'samples cannot be moved into the database, and the memory for them is full',
  );
}

/** The rows after `untilMs`; those before are in packs. */
function later({ series, ...column }: ReadRows, untilMs: number): SampleBatch {
  const rows = [...column.timesMs.keys()].filter((row) => (column.timesMs[row] as number) > untilMs);
  return { series: rows.map((row) => series[row] as Series), ...pickRows(column, rows) };
}
