import { expect, it } from 'vitest';
import { openTsdb, START_MS } from '../testing/open-tsdb.js';
import { ALL, batchOf, contentsOf } from '../testing/sample-rows.js';

it('gives samples that lie in one pack as a copy: what a caller does to them, no later answer knows of', async () => {
  const { tsdb } = await openTsdb();
  const up = { name: 'up', labels: {} };
  await tsdb.append(
    batchOf([
      [up, START_MS + 1, 1],
      [up, START_MS + 2, 2],
    ]),
  );
  await tsdb.settle();
  const before = await contentsOf(tsdb);
  for (const { timesMs, values } of await tsdb.select(ALL, 0, Number.MAX_SAFE_INTEGER)) {
    timesMs.fill(7);
    values.fill(7);
  }
  expect(await contentsOf(tsdb)).toEqual(before);
});
