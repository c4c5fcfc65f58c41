import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { readSegments } from './read-segments.js';

const newFolder = temporaryFolder();

async function journalOf(...names: readonly string[]): Promise<string> {
  const folder = await newFolder();
  for (const name of names) await writeFile(join(folder, name), name);
  return folder;
}

async function numbersIn(folder: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  for await (const { number } of readSegments(folder)) numbers.push(number);
  return numbers;
}

it('reads segments and nothing else', async () => {
  const folder = await journalOf('000000000007.journal', '000000000012.journal', 'spare-0.journal', 'x');
  expect(await numbersIn(folder)).toEqual([7, 12]);
});

it('leaves out a segment that goes meanwhile', async () => {
  const names = ['000000000001.journal', '000000000002.journal', '000000000003.journal'];
  const folder = await journalOf(...names);
  const seen: number[] = [];
  for await (const { number } of readSegments(folder)) {
    seen.push(number);
    await rm(join(folder, names[1] as string), { force: true });
  }
  expect(seen).toEqual([1, 3]);
});

it('finds none where there is no journal', async () => {
  expect(await numbersIn(join(await newFolder(), 'none'))).toEqual([]);
});

it('says so when a segment cannot be read', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, '000000000001.journal'));
  await expect(numbersIn(folder)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
});
