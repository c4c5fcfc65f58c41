import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNames } from './names.js';

let root = '';

function write(file: string, text = ''): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'names-'));
  write('packages/plugin-one/package.json', '{ "name": "one", "labkeeper": { "kind": "plugin" } }');
  write('packages/plugin-one/src/index.ts', 'export default {};');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the name check', () => {
  it('is content with kebab-case and with names that other programs look for', () => {
    for (const file of ['README.md', 'tsup.config.ts', 'src/two-words.test.ts', '.env.example']) {
      write(`packages/plugin-one/${file}`, file === 'tsup.config.ts' ? 'export default 1;' : '');
    }
    expect(checkNames(root).faults).toEqual([]);
  });

  it.each(['utils', 'common', 'helpers', 'misc'])('refuses a folder called %s', (name) => {
    write(`packages/plugin-one/src/${name}/text.ts`);
    expect(checkNames(root).faults).toEqual([expect.stringContaining(`packages/plugin-one/src/${name}: `)]);
  });

  it.each(['src/TwoWords.ts', 'src/two_words.ts', 'src/Deep/a.ts'])('refuses %s', (file) => {
    write(`packages/plugin-one/${file}`);
    expect(checkNames(root).faults).toEqual([expect.stringContaining('kebab-case')]);
  });

  it('refuses a default export anywhere but in the index of a plugin', () => {
    write('packages/plugin-one/src/a.ts', 'const a = 1;\nexport { a as default };');
    write('packages/plugin-one/src/b.ts', 'export default function b() {}');
    expect(checkNames(root).faults).toEqual([
      expect.stringContaining('a.ts:2:1: export it by name'),
      expect.stringContaining('b.ts:1:1: export it by name'),
    ]);
  });

  it('takes what definePlugin makes as the default export of any package', () => {
    write('packages/storage/package.json', '{ "name": "storage", "labkeeper": { "kind": "library" } }');
    write('packages/storage/src/index.ts', "export default definePlugin({ name: 'storage' });");
    expect(checkNames(root).faults).toEqual([]);
    write('packages/storage/src/index.ts', 'export default 1;');
    expect(checkNames(root).faults).toEqual([expect.stringContaining('export it by name')]);
  });

  it('refuses a plugin without a default export', () => {
    write('packages/plugin-one/src/index.ts', 'export const one = 1;');
    expect(checkNames(root).faults).toEqual([expect.stringContaining('has no default export')]);
  });
});
