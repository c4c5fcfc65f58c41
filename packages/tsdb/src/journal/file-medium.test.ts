import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { framesIn, linesOf, openJournal } from '../testing/open-journal.js';
import type { Row } from '../testing/sample-rows.js';
import { FileMedium } from './file-medium.js';
import { PAGE_BYTES, SEGMENT_BYTES } from './segment-format.js';

const one = (value: number): Row[] => [[{ name: 'up', labels: {} }, 1_000 + value, value]];
const nameOf = (segment: number) => `${String(segment).padStart(12, '0')}.journal`;

describe('the journal in files', () => {
  let folder = '';
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'labkeeper-')), 'journal');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  const names = async () => (await readdir(folder)).sort();
  /** Writes each row into a segment of its own. */
  async function segments(...values: readonly number[]) {
    const medium = await FileMedium.open(folder);
    const lab = openJournal(medium);
    await lab.journal.replay(() => 0);
    for (const value of values) {
      await lab.append(one(value));
      lab.journal.endSegment();
    }
    return { medium, ...lab };
  }

  it('makes a file of its full size for each segment, which no write changes', async () => {
    const { append, journal } = await segments(1, 2);
    expect(await names()).toEqual([nameOf(1), nameOf(2)]);
    await append(one(3));
    const { size, mode } = await stat(join(folder, nameOf(3)));
    expect([size, mode & 0o777]).toEqual([SEGMENT_BYTES, 0o600]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await journal.close();
  });

  it('is read back in the order of its segments, and numbers go on', async () => {
    await (await segments(1, 2, 3)).journal.close();
    await (await segments(4)).journal.close();
    expect(await names()).toEqual([1, 2, 3, 4].map(nameOf));
    const { frames } = await framesIn(await FileMedium.open(folder));
    expect(frames).toEqual([1, 2, 3, 4].map((value) => linesOf(one(value))));
  });

  it('begins a new page after a sync', async () => {
    const { medium, append, journal } = await segments();
    await append(one(1));
    await journal.sync();
    await journal.sync();
    await append(one(2));
    await journal.close();
    const bytes = await readFile(join(folder, nameOf(1)));
    expect(bytes.readUInt32LE(PAGE_BYTES)).toBeGreaterThan(0);
    expect(bytes.readUInt32LE(PAGE_BYTES * 2)).toBe(0);
    expect((await framesIn(await FileMedium.open(folder))).frames).toHaveLength(2);
    await medium.close();
  });

  it('keeps two files that are no longer needed, and uses them again without reading what is left in them', async () => {
    const { append, journal } = await segments(1, 2, 3, 4);
    await journal.dropUntil([1, 2, 3], 9_999);
    expect(await names()).toEqual([nameOf(4), 'spare-1.journal', 'spare-2.journal']);
    await append(one(5));
    journal.endSegment();
    await append(one(6));
    expect(await names()).toEqual([4, 5, 6].map(nameOf));
    await journal.close();
    const { frames, log } = await framesIn(await FileMedium.open(folder));
    expect(frames).toEqual([4, 5, 6].map((value) => linesOf(one(value))));
    expect(log.lines).toEqual([]);
  });

  it('finds its spares again after a restart', async () => {
    const first = await segments(1, 2);
    await first.journal.dropUntil([1], 9_999);
    await first.journal.close();
    await (await segments(3)).journal.close();
    expect(await names()).toEqual([nameOf(2), nameOf(3)]);
  });

  it('is read when a file is shorter than it was made', async () => {
    await (await segments(1)).journal.close();
    await truncate(join(folder, nameOf(1)), 20);
    expect((await framesIn(await FileMedium.open(folder))).frames).toEqual([]);
  });

  it('refuses with STORAGE_UNAVAILABLE what the disk does not allow, and works again afterwards', async () => {
    const { append, journal } = await segments(1);
    await mkdir(join(folder, nameOf(2)));
    await expect(append(one(2))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await rmdir(join(folder, nameOf(2)));
    await append(one(2));
    await journal.close();
    const { frames } = await framesIn(await FileMedium.open(folder));
    expect(frames).toEqual([linesOf(one(1)), linesOf(one(2))]);
    await expect(append(one(3))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it('forgets a segment that could not be begun', async () => {
    const { append, journal } = await segments(1);
    await mkdir(join(folder, nameOf(2)));
    await append(one(2)).catch(() => undefined);
    await rmdir(join(folder, nameOf(2)));
    await append(one(3));
    journal.endSegment();
    await append(one(4));
    await journal.dropUntil(journal.endSegment(), 9_999);
    expect(await names()).toEqual([nameOf(4), 'spare-1.journal', 'spare-3.journal']);
  });
});
