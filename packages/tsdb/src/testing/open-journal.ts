import type { Series } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import type { HeadSeries } from '../head/head-series.js';
import type { FrameRows } from '../journal/frame-encoder.js';
import { Journal } from '../journal/journal.js';
import type { JournalMedium } from '../journal/journal-medium.js';
import { SeriesIndex } from '../series/series-index.js';
import { type RecordingLog, recordingLog } from './recording-log.js';
import { allBits, bitsOf, doubles, lineOf, type Row } from './sample-rows.js';

/** A journal with what it stands on, and the series that its callers would hold. */
export interface JournalLab {
  readonly journal: Journal;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  /** How often the journal said that what it holds may not survive a power cut. */
  readonly unsafe: () => number;
  append(rows: readonly Row[]): Promise<void>;
}

export function openJournal(
  medium: JournalMedium,
  {
    syncWithinMs = 10_000,
    lastSegment = 0,
  }: { readonly syncWithinMs?: number; readonly lastSegment?: number } = {},
): JournalLab {
  const [clock, log, index] = [new ManualClock(), recordingLog(), new SeriesIndex()];
  let [unsafe, lastId] = [0, 0];
  const onUnsafe = () => void (unsafe += 1);
  const journal = new Journal({ medium, clock, log, syncWithinMs, lastSegment, onUnsafe });
  const entryOf = (series: Series) => index.find(series) ?? index.add(++lastId, series);
  return {
    ...{ journal, clock, log, unsafe: () => unsafe },
    append: (rows) => {
      const frame: FrameRows = {
        ...runsOf(rows.map(([series]) => entryOf(series))),
        timesMs: Float64Array.from(rows, ([, timeMs]) => timeMs),
        values: doubles(rows.map(([, , value]) => (typeof value === 'bigint' ? value : bitsOf(value)))),
        count: rows.length,
      };
      return journal.append(frame, Math.max(...frame.timesMs));
    },
  };
}

/** Rows of one series that stand side by side are one run. */
function runsOf(rows: readonly HeadSeries[]): Pick<FrameRows, 'entries' | 'ends'> {
  const isLast = (row: number) => rows[row] !== rows[row + 1];
  return {
    entries: rows.filter((_, row) => isLast(row)),
    ends: [...rows.keys()].filter(isLast).map((row) => row + 1),
  };
}

/** The rows of each frame that another process reads from the medium. */
export async function framesIn(medium: JournalMedium): Promise<{ frames: string[][]; log: RecordingLog }> {
  const { journal, log } = openJournal(medium);
  const frames: string[][] = [];
  await journal.replay((_, { series, timesMs, values }) => {
    const bits = allBits(values);
    frames.push(series.map((one, row) => lineOf(one, timesMs[row] as number, bits[row] as bigint)));
    return Math.max(...timesMs);
  });
  return { frames, log };
}

export const linesOf = (rows: readonly Row[]): string[] => rows.map((row) => lineOf(...row));
