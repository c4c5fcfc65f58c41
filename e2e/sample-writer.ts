// A process of its own: appends samples as fast as it can, and prints a line for each append that was answered.
// Time runs by hand, ten minutes a round, so that sealing, settling and roll-ups happen all the time.

import type { Logger, Series, Storage } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import storageSql from '@labkeeper/storage-sql';
import { expectedValue, ROUND_MS, SAMPLE_OPTIONS, START_MS, seriesOf } from './sample-story.js';

const [dataDir = '', firstRound = '1', fleet = '40'] = process.argv.slice(2);

/** Two hours of ten minutes. */
const ROUNDS_PER_WINDOW = 12;
/** After a failure the store waits for a minute. */
const TRY_AGAIN_MS = 60_000;

const log: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => process.stdout.write(`log ${message} ${JSON.stringify(fields)}\n`),
  error: (message, fields) => process.stdout.write(`log ${message} ${JSON.stringify(fields)}\n`),
  child: () => log,
};

const clock = new ManualClock(START_MS + Number(firstRound) * ROUND_MS);
const sqlite = storageSql.storages?.find(({ name }) => name === 'sqlite');
if (!sqlite) throw new Error('there is no SQLite adapter');
const storage = await sqlite.open({ options: SAMPLE_OPTIONS as never, dataDir, clock, log });
await write(storage);

async function write({ samples }: Storage): Promise<void> {
  for (let round = Number(firstRound); ; round++) {
    await clock.advance(ROUND_MS);
    const series = seriesOf(round, Number(fleet));
    const timesMs = series.map(() => START_MS + round * ROUND_MS);
    const values = series.map((one) => expectedValue(one, round));
    await appendUntilTaken(samples, { series, timesMs, values }, round);
    // A deletion waits for upkeep. Days pass in moments here: without it, settling would fall behind as it never does.
    if (round % ROUNDS_PER_WINDOW === 0)
      await samples
        .delete([{ label: 'instance', operator: '=', value: 'nobody' }], 0, 1)
        .catch(() => undefined);
  }
}

/** As ingest does it: what the store cannot take now is tried again. */
async function appendUntilTaken(
  samples: Storage['samples'],
  batch: { series: readonly Series[]; timesMs: number[]; values: number[] },
  round: number,
): Promise<void> {
  for (;;) {
    try {
      await samples.append(batch);
      process.stdout.write(`appended ${round}\n`);
      return;
    } catch (error) {
      process.stdout.write(`refused ${(error as Error).message}\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await clock.advance(TRY_AGAIN_MS);
    }
  }
}
