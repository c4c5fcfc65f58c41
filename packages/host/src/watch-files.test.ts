import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@labkeeper/core/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileWatch, watchFiles } from './watch-files.js';

let folder: string;
let clock: ManualClock;
let changes: number;
let files: FileWatch;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labkeeper-'));
  clock = new ManualClock();
  changes = 0;
  files = watchFiles(clock, () => void changes++);
});
afterEach(() => {
  files.close();
  rmSync(folder, { recursive: true, force: true });
});

const path = (name: string) => join(folder, name);
const watchThese = (names: readonly string[]) => files.update({ files: names, patterns: [] });
const watchPattern = (pattern: string) => files.update({ files: [], patterns: [path(pattern)] });

/** The event comes from the operating system in its own time; the quiet after it is pushed by hand. */
async function settled(): Promise<void> {
  await expect.poll(() => clock.pendingTimers).toBeGreaterThan(0);
  await clock.advance(250);
}

describe('watching files', () => {
  it('tells of a file that is written', async () => {
    writeFileSync(path('a.yaml'), 'one');
    watchThese([path('a.yaml')]);
    writeFileSync(path('a.yaml'), 'two');
    await settled();
    expect(changes).toBe(1);
  });

  it('tells of a file that an editor replaces, again and again', async () => {
    writeFileSync(path('a.yaml'), 'one');
    watchThese([path('a.yaml')]);
    for (const text of ['two', 'three']) {
      writeFileSync(path('.a.yaml.swp'), text);
      renameSync(path('.a.yaml.swp'), path('a.yaml'));
      await settled();
    }
    expect(changes).toBe(2);
  });

  it('tells of a secret behind a folder that is swapped, as Kubernetes mounts them', async () => {
    mkdirSync(path('..one'));
    mkdirSync(path('..two'));
    writeFileSync(path('..one/token'), 'one');
    writeFileSync(path('..two/token'), 'two');
    symlinkSync('..one', path('..data'));
    symlinkSync('..data/token', path('token'));
    watchThese([path('token')]);
    symlinkSync('..two', path('..new'));
    renameSync(path('..new'), path('..data'));
    await settled();
    expect(changes).toBe(1);
  });

  it('says nothing when the content is the same, or when it is not its file', async () => {
    writeFileSync(path('a.yaml'), 'one');
    watchThese([path('a.yaml')]);
    writeFileSync(path('other.yaml'), 'x');
    writeFileSync(path('a.yaml'), 'one');
    await settled();
    expect(changes).toBe(0);
  });

  it('tells once of many steps of one save', async () => {
    writeFileSync(path('a.yaml'), 'one');
    watchThese([path('a.yaml')]);
    for (const text of ['', 'tw', 'two']) writeFileSync(path('a.yaml'), text);
    await settled();
    expect(changes).toBe(1);
  });

  it('tells of a file that appears, and lives without a folder that does not exist', async () => {
    watchThese([path('later.yaml'), path('no-folder/x.yaml')]);
    writeFileSync(path('later.yaml'), 'here');
    await settled();
    expect(changes).toBe(1);
  });

  it('forgets no change because the files were named again meanwhile', async () => {
    writeFileSync(path('a.yaml'), 'one');
    watchThese([path('a.yaml')]);
    writeFileSync(path('a.yaml'), 'two');
    await expect.poll(() => clock.pendingTimers).toBeGreaterThan(0);
    watchThese([path('a.yaml'), path('b.yaml')]);
    await clock.advance(250);
    expect(changes).toBe(1);
  });

  it('sees a change of which no event came, when the files are named again', async () => {
    writeFileSync(path('a.yaml'), 'one');
    watchThese([path('a.yaml')]);
    writeFileSync(path('a.yaml'), 'two');
    // In the same turn: the event of the change cannot have come, and its watcher is gone now.
    watchThese([path('a.yaml')]);
    await clock.advance(250);
    expect(changes).toBe(1);
  });

  it('knows what somebody else has read: going back to what was before is a change', async () => {
    writeFileSync(path('a.yaml'), 'good');
    watchThese([path('a.yaml')]);
    writeFileSync(path('a.yaml'), 'bad');
    files.aboutToRead();
    await settled();
    expect(changes).toBe(0);
    writeFileSync(path('a.yaml'), 'good');
    await settled();
    expect(changes).toBe(1);
  });

  it('leaves nothing behind when it is closed', async () => {
    writeFileSync(path('a.yaml'), 'one');
    watchThese([path('a.yaml')]);
    writeFileSync(path('a.yaml'), 'two');
    await expect.poll(() => clock.pendingTimers).toBeGreaterThan(0);
    files.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('watching what a pattern meets', () => {
  it('tells of a file that appears, and of one that goes', async () => {
    mkdirSync(path('rules'));
    watchPattern('rules/*.yml');
    writeFileSync(path('rules/a.yml'), 'one');
    await settled();
    expect(changes).toBe(1);
    rmSync(path('rules/a.yml'));
    await settled();
    expect(changes).toBe(2);
  });

  it('says nothing of what it does not meet', async () => {
    mkdirSync(path('rules'));
    watchPattern('rules/[a-c].yml');
    writeFileSync(path('rules/d.yml'), 'one');
    writeFileSync(path('rules/a.yml.swp'), 'one');
    writeFileSync(path('rules/b.yml'), 'one');
    rmSync(path('rules/b.yml'));
    await settled();
    expect(changes).toBe(0);
  });

  it('tells of a file in a folder that came later, or that replaced another', async () => {
    watchPattern('lab/rules/*.yml');
    mkdirSync(path('lab'));
    await settled();
    mkdirSync(path('lab/rules'));
    await settled();
    expect(changes).toBe(0);
    writeFileSync(path('lab/rules/a.yml'), 'one');
    await settled();
    expect(changes).toBe(1);
    rmSync(path('lab/rules'), { recursive: true });
    await settled();
    expect(changes).toBe(2);
    mkdirSync(path('lab/rules'));
    await settled();
    writeFileSync(path('lab/rules/b.yml'), 'one');
    await settled();
    expect(changes).toBe(3);
  });

  it('follows patterns of folders', async () => {
    mkdirSync(path('nas'));
    watchPattern('*/rules.yml');
    writeFileSync(path('nas/rules.yml'), 'one');
    await settled();
    mkdirSync(path('pi'));
    await settled();
    writeFileSync(path('pi/rules.yml'), 'one');
    await settled();
    expect(changes).toBe(2);
  });

  it('tells of a file whose path was named before it was there', async () => {
    watchPattern('rules.yml');
    writeFileSync(path('rules.yml'), 'one');
    await settled();
    expect(changes).toBe(1);
  });
});
