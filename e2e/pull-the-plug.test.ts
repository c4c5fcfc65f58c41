import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Logger, Storage } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import storageSql from '@labkeeper/storage-sql';
import { afterAll, describe, expect, it } from 'vitest';
import { expectedValue, ROUND_MS, SAMPLE_OPTIONS, START_MS, seriesOf } from './sample-story.js';

/** Deaths on one folder, each at another moment. */
const DEATHS = Number(process.env.LABKEEPER_DEATHS ?? 100);

/** Series of the writer. */
const FLEET = 40;
/** Enough to need room soon. */
const LARGE_FLEET = 2_000;

const messages: string[] = [];
const log: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message) => void messages.push(message),
  child: () => log,
};

describe('a store whose plug is pulled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-plug-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`has every sample that was answered, once and unchanged, after ${DEATHS} deaths`, async () => {
    const dataDir = newFolder(folder, 'deaths');
    let round = 1;
    for (let death = 0; death < DEATHS; death++) {
      const writer = new Writer(dataDir, round);
      round = (await writer.killedAfter(1 + Math.floor(Math.random() * 40))) + 1;
    }
    expect(round).toBeGreaterThan(DEATHS);
    // The last one may have arrived without an answer.
    await assertWhole(dataDir, round - 1, round);
  }, 600_000);

  it('goes on with what can be read when the last page of its file was cut off', async () => {
    const dataDir = newFolder(folder, 'cut');
    const written = await new Writer(dataDir, 1).killedAfter(400);
    await (await open(dataDir, written)).close();
    const file = join(dataDir, 'labkeeper.db');
    truncateSync(file, statSync(file).size - 4_096);
    messages.length = 0;
    const storage = await open(dataDir, written);
    const { found, wrong } = await checked(storage, written + 1);
    await storage.close();
    expect(wrong).toEqual([]);
    expect(found).toBeGreaterThan(0);
    expect(messages).toContain('the damaged database was set aside, and what could be read of it is in use');
  }, 120_000);
});

/** A small disk of its own, or nothing where none can be had: that takes root and loop devices. */
function smallDisk(): { readonly mount: string; remove(): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-full-'));
  const [image, mount] = [join(folder, 'disk.img'), join(folder, 'disk')];
  try {
    mkdirSync(mount);
    execFileSync('truncate', ['-s', '96M', image], { stdio: 'ignore' });
    execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'loop', image, mount], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  const remove = () => {
    execFileSync('umount', ['-l', mount]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { mount, remove };
}

const disk = smallDisk();

describe.skipIf(!disk)(
  'a store whose disk is full (skipped without root, mkfs.ext4 and loop devices)',
  () => {
    const mount = disk?.mount ?? '';
    let writer: Writer | undefined;
    afterAll(async () => {
      await writer?.kill();
      disk?.remove();
    });

    it('says so, and resumes by itself when there is room, and has every sample that was answered', async () => {
      const dataDir = newFolder(mount, 'data');
      writer = new Writer(dataDir, 1, LARGE_FLEET);
      await writer.until((line) => line === 'appended 20');
      fill(join(mount, 'ballast'));
      const refusal = await writer.until((line) => line.startsWith('refused') || line.startsWith('log'));
      expect(refusal).toMatch(/the disk is full/);
      rmSync(join(mount, 'ballast'));
      const resumed = `appended ${writer.lastRound + 100}`;
      await writer.until((line) => line === resumed);
      const written = await writer.kill();
      await assertWhole(dataDir, written, written + 1, LARGE_FLEET);
    }, 300_000);
  },
);

function newFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  return folder;
}

/** Takes all the room there is. */
function fill(file: string): void {
  for (const bytes of [1024 * 1024, 4_096]) {
    const block = Buffer.alloc(bytes, 1);
    try {
      for (;;) writeFileSync(file, block, { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

/** A process that appends until it is killed. */
class Writer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  /** The last round of which an append was answered, as read so far. */
  lastRound: number;

  constructor(dataDir: string, firstRound: number, fleet = FLEET) {
    const program = join(import.meta.dirname, 'sample-writer.ts');
    this.#child = spawn(
      process.execPath,
      ['--import', 'tsx', program, dataDir, String(firstRound), String(fleet)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
    this.lastRound = firstRound - 1;
  }

  /** Reads lines until one fits. */
  async until(fits: (line: string) => boolean): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('the writer ended by itself');
      const line = String(value);
      const isIt = fits(line);
      if (line.startsWith('appended ')) this.lastRound = Number(line.slice(9));
      if (isIt) return line;
    }
  }

  /** Kills it after so many answers; gives the last round that was answered. */
  async killedAfter(answers: number): Promise<number> {
    for (let answer = 0; answer < answers; answer++) await this.until((line) => line.startsWith('appended '));
    return this.kill();
  }

  /** Idempotent. */
  async kill(): Promise<number> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.lastRound;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next())
      if (line.value.startsWith('appended ')) this.lastRound = Number(line.value.slice(9));
    await ended;
    return this.lastRound;
  }
}

function open(dataDir: string, round: number): Promise<Storage> {
  const sqlite = storageSql.storages?.find(({ name }) => name === 'sqlite');
  if (!sqlite) throw new Error('there is no SQLite adapter');
  const clock = new ManualClock(START_MS + round * ROUND_MS);
  return sqlite.open({ options: SAMPLE_OPTIONS as never, dataDir, clock, log });
}

/** Every sample up to round `answered` is there; one of a later round may be. */
async function assertWhole(dataDir: string, answered: number, last: number, fleet = FLEET): Promise<void> {
  const storage = await open(dataDir, last);
  const { found, wrong, ofLater } = await checked(storage, answered);
  await storage.close();
  let expected = 0;
  for (let round = 1; round <= answered; round++) expected += seriesOf(round, fleet).length;
  expect(wrong).toEqual([]);
  expect(found).toBe(expected);
  expect(ofLater).toBeLessThanOrEqual(seriesOf(answered + 1, fleet).length);
}

/** Looks at every sample: its value, its place, and that no time is twice. */
async function checked({ samples }: Storage, answered: number) {
  const [wrong, endMs]: [string[], number] = [[], START_MS + answered * ROUND_MS];
  let [found, ofLater] = [0, 0];
  const everything = [{ label: 'instance', operator: '=~', value: '.+' }] as const;
  for (const { series, timesMs, values } of await samples.select(everything, 0, Number.MAX_SAFE_INTEGER)) {
    for (let row = 0; row < timesMs.length; row++) {
      const timeMs = timesMs[row] as number;
      const round = (timeMs - START_MS) / ROUND_MS;
      const isTwice = row > 0 && timeMs <= (timesMs[row - 1] as number);
      if (isTwice || values[row] !== expectedValue(series, round))
        wrong.push(`${series.labels.instance} ${round}: ${values[row]}`);
      if (timeMs <= endMs) found += 1;
      else ofLater += 1;
    }
  }
  return { found, ofLater, wrong };
}
