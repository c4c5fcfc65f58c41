import { copyFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SqliteConnection } from '../sqlite-connection.js';
import { loadSqliteDriver } from '../sqlite-driver.js';
import { counting, TABLES, TestDatabase } from './testing/damaged-database.js';
import { assertSound, digest, salvageBench } from './testing/salvage-bench.js';

const DAMAGED = 'labkeeper.db.damaged-20261121T124438Z';

const { newFolder, newDatabase, copyOfSound, sound, soundRows, compare, salvage } = salvageBench();

async function assertOnlyDamaged(database: TestDatabase, damaged: Record<string, number>): Promise<void> {
  const report = await salvage(database);
  await assertSound(database);
  for (const table of TABLES) {
    const rows = soundRows(table).length;
    const missing = damaged[table] ?? 0;
    expect({ table, ...(await compare(database, table)) }).toEqual({
      table,
      kept: rows - missing,
      other: 0,
      missing,
    });
    const told = report.tables.find(({ name }) => name === table);
    expect(told?.rowsRead).toBe(rows - missing);
    expect([missing, 'unknown']).toContain(told?.rowsLost);
  }
}

const namesBeside = async ({ file }: TestDatabase) => (await readdir(dirname(file))).sort();

describe('a salvage', () => {
  it('of a sound database brings every row bit for bit, with rowids, indexes, views and numbers of the header', async () => {
    const database = await copyOfSound();
    await assertOnlyDamaged(database, {});
    const schema = 'SELECT type, name, sql FROM sqlite_master ORDER BY name';
    expect(await database.all(schema)).toEqual(await sound().all(schema));
    expect(await database.all('PRAGMA user_version')).toEqual([{ user_version: 7 }]);
    expect(await database.all('PRAGMA application_id')).toEqual([{ application_id: 1_816_356 }]);
    expect(await database.all("SELECT seq FROM sqlite_sequence WHERE name = 'migrations'")).toEqual([
      { seq: 3 },
    ]);
  });

  it('keeps the page size', async () => {
    const database = await newDatabase(
      'PRAGMA page_size = 1024; CREATE TABLE a (x); INSERT INTO a VALUES (1)',
    );
    const { bytes } = await salvage(database);
    expect(await database.all('PRAGMA page_size')).toEqual([{ page_size: 1_024 }]);
    expect(bytes).toBe(2_048);
  });

  it('sets the damaged file aside as it was', async () => {
    const database = await copyOfSound();
    await database.garblePage((await database.leaves('events'))[5]!);
    const before = await digest(database.file);
    const { damagedFile } = await salvage(database);
    expect(basename(damagedFile)).toBe(DAMAGED);
    expect(await digest(damagedFile)).toBe(before);
    expect(await namesBeside(database)).toEqual(['labkeeper.db', DAMAGED]);
  });

  it('in the same second as another sets aside both', async () => {
    const database = await copyOfSound();
    await salvage(database);
    await salvage(database);
    expect(await namesBeside(database)).toEqual([
      'labkeeper.db',
      DAMAGED,
      'labkeeper.db.damaged-20261121T124439Z',
    ]);
  });
});

describe('a database', () => {
  it('whose last page is cut off loses what stood there', async () => {
    const database = await newDatabase(
      `CREATE TABLE events (id INTEGER PRIMARY KEY, payload TEXT); INSERT INTO events SELECT n, hex(zeroblob(40)) FROM ${counting(2_000)}`,
    );
    const before = await database.rows('events');
    const pages = await database.leaves('events');
    const last = pages.reduce((left, right) => (left.pageno > right.pageno ? left : right));
    await database.cutLastPage();
    const { tables } = await salvage(database);
    await assertSound(database);
    expect(await compare(database, 'events', before)).toEqual({
      kept: before.length - last.ncell,
      other: 0,
      missing: last.ncell,
    });
    expect(tables).toEqual([{ name: 'events', rowsRead: before.length - last.ncell, rowsLost: 'unknown' }]);
  });

  it.each([
    ['zeroed', 0],
    ['garbled', 0xa5],
  ])('with leaves that are %s loses their rows only', async (_, byte) => {
    for (const table of ['events', 'chunks'] as const) {
      const database = await copyOfSound();
      const leaves = await database.leaves(table);
      const lost = [leaves[0]!, leaves[7]!, leaves[8]!, leaves[15]!, leaves.at(-1)!];
      for (const leaf of lost) await database.garblePage(leaf, byte);
      await assertOnlyDamaged(database, { [table]: lost.reduce((sum, { ncell }) => sum + ncell, 0) });
    }
  });

  it('with damaged leaves of a table WITHOUT ROWID loses their rows only', async () => {
    const database = await copyOfSound();
    const leaves = await database.leaves('notes');
    const lost = [leaves[3]!, leaves[20]!, leaves[30]!];
    for (const leaf of lost) await database.garblePage(leaf);
    const { tables } = await salvage(database);
    await assertSound(database);
    const { other, missing } = await compare(database, 'notes');
    expect(other).toBe(0);
    // The row that parts two leaves stands in the page above, and can be out of reach as well.
    const rows = lost.reduce((sum, { ncell }) => sum + ncell, 0);
    expect(missing).toBeGreaterThanOrEqual(rows);
    expect(missing).toBeLessThanOrEqual(rows + 2 * lost.length);
    expect(tables.find(({ name }) => name === 'notes')?.rowsLost).toBe('unknown');
  });

  it('with a damaged leaf in a table of several key columns keeps what lies before and behind it', async () => {
    const database = await copyOfSound();
    const leaf = (await database.leaves('pairs'))[6]!;
    await database.garblePage(leaf);
    await salvage(database);
    await assertSound(database);
    const { other, missing } = await compare(database, 'pairs');
    expect(other).toBe(0);
    expect(missing).toBeLessThanOrEqual(leaf.ncell + 2);
  });

  it('whose root of a table is damaged loses that table, and keeps it as an empty one', async () => {
    const database = await copyOfSound();
    const root = (await database.pages('events')).find(({ pagetype }) => pagetype === 'internal')!;
    await database.garblePage(root);
    await assertOnlyDamaged(database, { events: 2_000 });
  });

  it.each(['events_kind', 'chunks_place', 'notes_rank'])(
    'with a broken index %s loses nothing',
    async (index) => {
      const database = await copyOfSound();
      for (const page of await database.pages(index)) await database.garblePage(page);
      await assertOnlyDamaged(database, {});
    },
  );

  it('whose damage lies in the overflow page of a row loses that row only', async () => {
    const database = await copyOfSound();
    const pages = (await database.pages('pictures')).filter(({ pagetype }) => pagetype === 'overflow');
    // The first of a chain, whose pointer to the next leads nowhere now.
    await database.garblePage(pages[0]!);
    const { tables } = await salvage(database);
    await assertSound(database);
    expect(await compare(database, 'pictures')).toEqual({ kept: 19, other: 0, missing: 1 });
    expect(tables.find(({ name }) => name === 'pictures')).toEqual({
      name: 'pictures',
      rowsRead: 19,
      rowsLost: 1,
    });
  });

  it('with damaged overflow pages in a table WITHOUT ROWID loses those rows only', async () => {
    const database = await newDatabase(
      `CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
       INSERT INTO notes SELECT 'k' || n, hex(zeroblob(iif(n % 20 = 0, 5000, 50))) FROM ${counting(1_000)}`,
    );
    const before = await database.rows('notes');
    const chains = await database.all<{ pageno: number }>(
      "SELECT pageno FROM dbstat WHERE name = 'notes' AND path LIKE '%+000000' ORDER BY path",
    );
    for (const at of [5, 6, 30]) await database.garblePage(chains[at]!);
    await salvage(database);
    await assertSound(database);
    const { other, missing } = await compare(database, 'notes', before);
    expect(other).toBe(0);
    expect(missing).toBeLessThan(12);
  });

  it('is read together with its write-ahead log, which holds good pages', async () => {
    const source = await copyOfSound();
    const writer = await SqliteConnection.open(await loadSqliteDriver(), source.file, 'write');
    await writer.exec(
      "PRAGMA journal_mode = WAL; INSERT INTO events VALUES (5000, 'late', 'in the log only')",
    );
    const database = new TestDatabase(await loadSqliteDriver(), join(await newFolder(), 'labkeeper.db'));
    for (const companion of ['', '-wal']) await copyFile(source.file + companion, database.file + companion);
    await writer.close();
    const before = [await digest(database.file), await digest(`${database.file}-wal`)];
    const { damagedFile } = await salvage(database);
    expect(await database.all('SELECT payload FROM events WHERE id = 5000')).toEqual([
      { payload: 'in the log only' },
    ]);
    expect([await digest(damagedFile), await digest(`${damagedFile}-wal`)]).toEqual(before);
    expect((await namesBeside(database)).filter((name) => /^labkeeper.db-/.test(name))).toEqual([]);
  });

  it('beside whose log stands rubbish is read without it', async () => {
    const database = await copyOfSound();
    await database.run('PRAGMA journal_mode = WAL');
    await writeFile(`${database.file}-wal`, Buffer.alloc(50_000, 0x5a));
    await assertOnlyDamaged(database, {});
  });
});

describe('nothing can be salvaged, and everything stays as it was,', () => {
  it.each([
    ['the first page is damaged', (database: TestDatabase) => database.garblePage({ pageno: 1 })],
    ['the file is no database', ({ file }: TestDatabase) => writeFile(file, 'My diary.\n'.repeat(2_000))],
    ['the file is empty', ({ file }: TestDatabase) => writeFile(file, '')],
    [
      'only the header is left',
      ({ file }: TestDatabase) => readFile(file).then((bytes) => writeFile(file, bytes.subarray(0, 100))),
    ],
  ])('when %s', async (_, damage) => {
    const database = await copyOfSound();
    await damage(database);
    const before = await digest(database.file);
    await expect(salvage(database)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
    expect(await namesBeside(database)).toEqual(['labkeeper.db']);
    expect(await digest(database.file)).toBe(before);
  });
});

describe('a salvage that was killed', () => {
  it('while it copied begins anew', async () => {
    const database = await copyOfSound();
    await writeFile(`${database.file}.salvage`, 'half a database');
    await writeFile(`${database.file}.salvage-journal`, 'and its journal');
    await assertOnlyDamaged(database, {});
    expect(await namesBeside(database)).toEqual(['labkeeper.db', DAMAGED]);
  });

  it('while it exchanged the files finds the write-ahead log again', async () => {
    const source = await copyOfSound();
    const writer = await SqliteConnection.open(await loadSqliteDriver(), source.file, 'write');
    await writer.exec(
      "PRAGMA journal_mode = WAL; INSERT INTO events VALUES (5000, 'late', 'in the log only')",
    );
    const database = new TestDatabase(await loadSqliteDriver(), join(await newFolder(), 'labkeeper.db'));
    for (const companion of ['', '-wal']) await copyFile(source.file + companion, database.file + companion);
    await writer.close();
    await rename(
      `${database.file}-wal`,
      join(dirname(database.file), 'labkeeper.db.damaged-20200101T000000Z-wal'),
    );
    await copyFile(database.file, join(dirname(database.file), 'labkeeper.db.damaged-20200101T000000Z'));
    await copyFile(database.file, `${database.file}.salvage.20200101T000000Z`);
    await salvage(database);
    expect(await database.all('SELECT payload FROM events WHERE id = 5000')).toEqual([
      { payload: 'in the log only' },
    ]);
    expect((await namesBeside(database)).filter((name) => /salvage|2020/.test(name))).toEqual([]);
  });
});
