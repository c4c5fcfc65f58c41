import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './run-command.js';

let folder = '';
let file = '';

const TOOL = {
  version: '1.2.3',
  dev: true,
  optionalDependencies: {
    '@tool/linux-x64-musl': '1.2.3',
    '@tool/windows-arm64': '1.2.3',
    fsevents: '~2.3.2',
  },
};

function complete(...args: string[]): ReturnType<typeof runCommand> {
  return runCommand(process.execPath, ['scripts/complete-lock.mjs', ...args, file]);
}

function writeLock(packages: Record<string, unknown>): void {
  writeFileSync(file, `${JSON.stringify({ name: 'x', lockfileVersion: 3, packages }, null, 2)}\n`);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'package-lock.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('completing the lock file', () => {
  it('adds the platform packages that are missing, with the platform their name tells', async () => {
    writeLock({ 'node_modules/tool': TOOL });
    expect((await complete()).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      packages: {
        'node_modules/@tool/linux-x64-musl': {
          version: '1.2.3',
          dev: true,
          optional: true,
          cpu: ['x64'],
          os: ['linux'],
          libc: ['musl'],
        },
        'node_modules/@tool/windows-arm64': { optional: true, cpu: ['arm64'], os: ['win32'] },
        'node_modules/tool': TOOL,
      },
    });
  });

  it('changes nothing the second time', async () => {
    writeLock({ 'node_modules/tool': TOOL });
    await complete();
    const once = readFileSync(file, 'utf8');
    await complete();
    expect(readFileSync(file, 'utf8')).toBe(once);
  });

  it('only tells what is missing when asked to check', async () => {
    writeLock({ 'node_modules/tool': TOOL });
    const before = readFileSync(file, 'utf8');
    const { code, output } = await complete('--check');
    expect(code).toBe(1);
    expect(output).toContain('lacks node_modules/@tool/linux-x64-musl');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('leaves alone what npm has locked already, also above the package', async () => {
    const locked = { version: '1.2.3', integrity: 'sha512-x', optional: true };
    writeLock({
      'node_modules/@tool/linux-x64-musl': locked,
      'node_modules/@tool/windows-arm64': locked,
      'node_modules/other/node_modules/tool': TOOL,
    });
    expect((await complete('--check')).code).toBe(0);
  });
});
