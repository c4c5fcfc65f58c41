import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImports } from './imports.js';

const FOLDERS: Readonly<
  Record<string, { kind: string; name?: string; doors?: readonly string[]; needs?: string[] }>
> = {
  core: { kind: 'library', doors: ['.', './runtime'] },
  toolbox: { kind: 'library', needs: ['@labkeeper/core'] },
  'storage-sql': { kind: 'library' },
  engine: { kind: 'library' },
  host: { kind: 'program', name: 'labkeeper' },
  ui: { kind: 'ui' },
  testkit: { kind: 'library', needs: ['@labkeeper/core', '@labkeeper/toolbox'] },
  'standard-plugins': { kind: 'library' },
  'plugin-one': { kind: 'plugin' },
  'plugin-two': { kind: 'plugin' },
};

let root = '';

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** The fault of one file with one line, without its place; undefined when there is none. */
function faultOf(file: string, line: string): string | undefined {
  write(file, `// first line\n${line}\n`);
  const { faults } = checkImports(root);
  rmSync(join(root, file));
  expect(faults.length).toBeLessThan(2);
  return faults[0];
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'));
  for (const [folder, { kind, name = `@labkeeper/${folder}`, doors = ['.'], needs = [] }] of Object.entries(
    FOLDERS,
  )) {
    const manifest = {
      name,
      version: '1.0.0',
      exports: Object.fromEntries(doors.map((door) => [door, { default: './dist/x.js' }])),
      dependencies: Object.fromEntries(needs.map((need) => [need, '^1.0.0'])),
      labkeeper: { kind },
    };
    write(`packages/${folder}/package.json`, JSON.stringify(manifest));
  }
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the import check', () => {
  it.each([
    ['packages/plugin-one/src/a.ts', "import { x } from '@labkeeper/core';"],
    ['packages/plugin-one/src/a.ts', "import { x } from '@labkeeper/toolbox';"],
    ['packages/plugin-one/src/a.test.ts', "import { x } from '@labkeeper/testkit';"],
    ['packages/toolbox/src/a.test.ts', "import { ManualClock } from '@labkeeper/core/runtime';"],
    ['packages/storage-sql/src/testing/a.ts', "import { x } from '@labkeeper/testkit';"],
    ['packages/plugin-one/src/deep/a.ts', "import { x } from '../b.js';"],
    ['packages/engine/src/a.ts', "import { x } from '@labkeeper/core/runtime';"],
    ['packages/host/src/a.ts', "const sql = await import('@labkeeper/storage-sql');"],
    ['packages/ui/src/a.ts', "import type { X } from '@labkeeper/core';"],
    ['packages/ui/src/a.ts', "import { type X, type Y } from '@labkeeper/core';"],
    ['packages/standard-plugins/src/a.ts', "const one = () => import('@labkeeper/plugin-one');"],
    ['packages/core/src/storage/a.ts', "import { x } from '../contract/b.js';"],
    ['packages/core/src/contract/a.ts', "import { x } from '../model/b.js';"],
    ['e2e/a.test.ts', "import { x } from '@labkeeper/core/runtime';"],
    ['scripts/a.ts', 'const text = "import \'@labkeeper/core/nowhere\'";'],
  ])('allows %s: %s', (file, line) => {
    expect(faultOf(file, line)).toBeUndefined();
  });

  it.each([
    ['packages/core/src/model/a.ts', "import { x } from '../contract/b.js';", 'core/model may import model'],
    ['packages/core/src/errors/a.ts', "import { x } from '../storage/b.js';", 'core/errors may import'],
    ['packages/core/src/a.ts', "import { x } from '@labkeeper/toolbox';", 'core may not import it'],
    ['packages/core/src/a.test.ts', "import { x } from '@labkeeper/testkit';", 'Test this in the testkit'],
    ['packages/toolbox/src/a.test.ts', "import { x } from '@labkeeper/testkit';", 'Test this in the testkit'],
    [
      'packages/toolbox/src/a.ts',
      "import { x } from '@labkeeper/core/runtime';",
      'toolbox may not import it',
    ],
    [
      'packages/storage-sql/src/a.ts',
      "import { x } from '@labkeeper/engine';",
      'storage-sql may not import it',
    ],
    ['packages/engine/src/a.ts', "import { x } from '@labkeeper/toolbox';", 'engine may not import it'],
    ['packages/engine/src/a.ts', "import { x } from '@labkeeper/testkit';", 'engine may not import it'],
    ['packages/engine/src/a.ts', "import { x } from 'labkeeper';", 'engine may not import it'],
    ['packages/host/src/a.ts', "import { x } from '@labkeeper/storage-sql';", 'only by `await import(…)`'],
    ['packages/host/src/a.ts', "const p = await import('@labkeeper/plugin-one');", 'host may not import it'],
    ['packages/ui/src/a.ts', "import { x } from '@labkeeper/core';", 'types only'],
    ['packages/testkit/src/a.ts', "import { x } from '@labkeeper/engine';", 'testkit may not import it'],
    [
      'packages/standard-plugins/src/a.ts',
      "import { x } from '@labkeeper/core';",
      'standard-plugins may not',
    ],
    ['packages/plugin-one/src/a.ts', "import x from '@labkeeper/plugin-two';", 'not import another plugin'],
    [
      'packages/plugin-one/src/a.ts',
      "export * from '@labkeeper/core/runtime';",
      'a plugin may not import it',
    ],
    [
      'packages/plugin-one/src/a.test.ts',
      "import { x } from '@labkeeper/core/runtime';",
      'a plugin may not import it',
    ],
    ['packages/plugin-one/src/a.ts', "type X = import('@labkeeper/engine').X;", 'a plugin may not import it'],
    ['packages/plugin-one/src/a.ts', "import { x } from '@labkeeper/core/src/x.js';", 'is no door of'],
    ['packages/plugin-one/src/a.ts', "import { x } from '../../core/src/x.js';", 'leaves its package'],
    ['bench/a.ts', "import { x } from '../packages/core/src/x.js';", 'reaches into packages/core/src'],
  ])('refuses %s: %s', (file, line, reason) => {
    const fault = faultOf(file, line);
    expect(fault).toContain(reason);
    expect(fault).toMatch(new RegExp(`^${file}:2:\\d+: '`));
  });

  it('asks for a rule when a package has none', () => {
    write('packages/stranger/package.json', '{ "name": "stranger", "labkeeper": { "kind": "library" } }');
    expect(checkImports(root).faults).toEqual([
      expect.stringContaining('packages/stranger: has no import rule'),
    ]);
    rmSync(join(root, 'packages/stranger'), { recursive: true });
  });
});
