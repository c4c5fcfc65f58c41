import { readFile } from 'node:fs/promises';
import { LabkeeperError } from '@labkeeper/core';
import { expect, it } from 'vitest';
import { PAGE_BYTES, type Page, TABLES, type TestDatabase } from './testing/damaged-database.js';
import { assertSound, digest, salvageBench } from './testing/salvage-bench.js';

const { copyOfSound, sound, soundRows, compare, salvage } = salvageBench();

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * What a flipped byte may cost at most, in rows of the table it belongs to. Only pages of a table are counted: an index and a
 * free page cost nothing, and no other table ever loses a row.
 */
interface Cost {
  readonly missing: number;
  /**
   * SQLite has no checksums, so rows may come back other than they were: a byte within a value is simply another value.
   * On a leaf that is mostly one row, but all its rows when the byte is in the list of its cells.
   */
  readonly other: number;
}

function largestCost({ pagetype, ncell }: Page, rows: number): Cost {
  // An overflow page belongs to one row.
  if (pagetype === 'overflow') return { missing: 1, other: 1 };
  // A leaf, and the two rows that part it from its neighbours, where these stand in the page above.
  if (pagetype === 'leaf') return { missing: ncell + 2, other: ncell };
  // A pointer within the tree can lead anywhere: to nothing, or to a page of the same form that does not belong there.
  return { missing: rows, other: rows };
}

it('a flipped byte, wherever it is, costs at most what stands on its page or below it', async () => {
  const random = randomNumbers(20_261_121);
  const bytes = await readFile(sound().file);
  const owners = new Map((await sound().pages()).map((page) => [page.pageno, page]));
  let unharmed = 0;
  for (let round = 0; round < 200; round++) {
    const at = Math.floor(random() * bytes.length);
    const database = await copyOfSound();
    await database.overwrite(at, Uint8Array.of((bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255))));
    const owner = owners.get(Math.floor(at / PAGE_BYTES) + 1)!;
    const where = `byte ${at} of ${owner.name} (${owner.pagetype})`;
    if (owner.name === 'sqlite_schema') {
      await assertSoundOrCorrupt(database, where);
      continue;
    }
    await salvage(database);
    await assertSound(database);
    const costs = await Promise.all(TABLES.map((table) => compare(database, table)));
    if (costs.every(({ other, missing }) => other + missing === 0)) unharmed += 1;
    for (const [index, { other, missing }] of costs.entries()) {
      const table = TABLES[index]!;
      const rows = soundRows(table).length;
      const largest = owner.name === table ? largestCost(owner, rows) : { missing: 0, other: 0 };
      expect(missing, `missing in ${table} after ${where}`).toBeLessThanOrEqual(largest.missing);
      expect(other, `other in ${table} after ${where}`).toBeLessThanOrEqual(largest.other);
    }
  }
  expect(unharmed).toBeGreaterThan(10);
}, 120_000);

it('a flipped byte in the schema leads to a sound database or to STORAGE_CORRUPT', async () => {
  const random = randomNumbers(7);
  const bytes = await readFile(sound().file);
  for (let round = 0; round < 100; round++) {
    // Half of them in the header and the list of cells, where they do most.
    const at = Math.floor(random() * (round % 2 === 0 ? 160 : PAGE_BYTES));
    const database = await copyOfSound();
    await database.overwrite(at, Uint8Array.of((bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255))));
    await assertSoundOrCorrupt(database, `byte ${at}`);
  }
}, 120_000);

async function assertSoundOrCorrupt(database: TestDatabase, where: string): Promise<void> {
  const before = await digest(database.file);
  try {
    await salvage(database);
    await assertSound(database);
  } catch (error) {
    expect(error, where).toBeInstanceOf(LabkeeperError);
    expect(error, where).toMatchObject({ code: 'STORAGE_CORRUPT' });
    expect(await digest(database.file), where).toBe(before);
  }
}
