import { ManualClock } from '@labkeeper/core/runtime';
import { INLINE_SETTLER } from '../compact/settler.js';
import { TSDB_RULES, Tsdb, type TsdbRules } from '../tsdb.js';
import { type MemoryChunkStore, memoryChunkStore } from './memory-chunk-store.js';
import { type MemoryMedium, memoryMedium } from './memory-medium.js';
import { type RecordingLog, recordingLog } from './recording-log.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** When the clock of a test begins: midnight. */
export const START_MS = Date.UTC(2026, 0, 1);

/** The usual rules, but everything is kept. */
export const LASTING: TsdbRules = {
  ...TSDB_RULES,
  retention: { keepMs: new Map(), maxBytes: Number.POSITIVE_INFINITY },
};

/** An engine with all that it stands on. */
export interface TsdbLab {
  readonly tsdb: Tsdb;
  readonly clock: ManualClock;
  readonly store: MemoryChunkStore;
  readonly medium: MemoryMedium;
  readonly log: RecordingLog;
  readonly rules: TsdbRules;
}

export async function openTsdb({
  clock = new ManualClock(START_MS),
  store = memoryChunkStore(),
  medium = memoryMedium(),
  log = recordingLog(),
  rules = LASTING,
}: Partial<Omit<TsdbLab, 'tsdb'>> = {}): Promise<TsdbLab> {
  const tsdb = await Tsdb.open({ clock, store, medium, log, rules, settler: () => INLINE_SETTLER });
  return { tsdb, clock, store, medium, log, rules };
}

/** The next process, on what the end of this one left. What the old one still does reaches nothing of it. */
export async function reopenAfter(
  end: 'close' | 'kill' | 'power cut',
  { tsdb, clock, store, medium, rules }: TsdbLab,
): Promise<TsdbLab> {
  if (end === 'close') await tsdb.close();
  return openTsdb({
    ...{ clock, rules },
    store: store.survivors(),
    medium: end === 'power cut' ? medium.afterPowerCut() : medium.afterKill(),
  });
}
