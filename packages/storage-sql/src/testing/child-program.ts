// Runs as a process of its own, see child-store.ts. Prints a line for everything that the store has acknowledged.

import type { Logger, Series, Storage } from '@labkeeper/core';
import { systemClock } from '@labkeeper/core/runtime';
import { openSqlite } from '../sqlite/open-sqlite.js';
import { BUSY_RULES } from './sample-rules.js';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  child: () => silent,
};

const [task, dataDir = ''] = process.argv.slice(2);
const store = await openSqlite({
  dataDir,
  clock: systemClock(),
  log: silent,
  // Packs all the time, so that death often comes while samples move.
  rules: BUSY_RULES,
});

if (task === 'hold') {
  process.stdout.write('open\n');
  setInterval(() => undefined, 60_000);
} else {
  await writeUntilKilled(store);
}

async function writeUntilKilled({ records, samples }: Storage): Promise<void> {
  const notes = records.collection<{ round: number; half: string }>({
    name: 'notes',
    indexes: { round: 'number' },
  });
  const { records: last } = await notes.list({ index: 'round', order: 'descending', limit: 1 });
  const fleet = Array.from(
    { length: 5 },
    (_, index): Series => ({ name: 'level', labels: { instance: `host${index}` } }),
  );
  for (let round = (last[0]?.value.round ?? 0) + 1; ; round++) {
    await Promise.all([
      notes.put(`single-${round}`, { round, half: 'whole' }).then(() => acknowledge('single', round)),
      records
        .transaction(async (transaction) => {
          const inside = transaction.collection<{ round: number; half: string }>({
            name: 'notes',
            indexes: { round: 'number' },
          });
          await inside.put(`left-${round}`, { round, half: 'left' });
          await inside.put(`right-${round}`, { round, half: 'right' });
        })
        .then(() => acknowledge('pair', round)),
      samples
        .append({
          series: fleet,
          timesMs: fleet.map(() => round * 100),
          values: fleet.map((_, index) => round + index / 8),
        })
        .then(() => acknowledge('samples', round)),
    ]);
  }
}

function acknowledge(what: string, round: number): void {
  process.stdout.write(`${what} ${round}\n`);
}
