import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../workspace.js';
import { checkPlugins } from './plugins.js';

let root = '';
const home = 'packages/plugin-example';

function edit(file: string, from: string, to: string): void {
  const path = join(root, home, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replaceAll(from, to));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plugins-'));
  mkdirSync(dirname(join(root, home)), { recursive: true });
  cpSync(join(ROOT, home), join(root, home), {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|\.turbo)$/.test(path),
  });
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the plugin check', () => {
  it('is content with the example plugin', () => {
    expect(checkPlugins(root).faults).toEqual([]);
  });

  it.each(['README.md', 'example.yaml', 'src/index.ts'])('misses %s', (file) => {
    rmSync(join(root, home, file));
    expect(checkPlugins(root).faults).toContain(`${home}: ${file} is missing.`);
  });

  it('misses a test that calls the conformance suite', () => {
    edit('src/example.test.ts', 'conformPlugin(', 'somethingElse(');
    expect(checkPlugins(root).faults).toEqual([expect.stringContaining('no test calls conformPlugin')]);
  });

  it('refuses a plugin that calls itself otherwise than its folder', () => {
    edit('src/index.ts', "name: 'example'", "name: 'sample'");
    expect(checkPlugins(root).faults).toEqual([expect.stringContaining('found sample')]);
  });

  it('refuses a package name that is not that of the folder', () => {
    edit('package.json', '@labkeeper/plugin-example', '@labkeeper/plugin-sample');
    expect(checkPlugins(root).faults).toEqual([expect.stringContaining('found @labkeeper/plugin-sample')]);
  });

  it('refuses a peer range that the next minor of core would leave', () => {
    edit('package.json', '"@labkeeper/core": "^0"', '"@labkeeper/core": "^0.1.0"');
    expect(checkPlugins(root).faults).toEqual([expect.stringContaining('ends at the next minor')]);
  });

  it('refuses core as a peer without core for development', () => {
    edit('package.json', '"@labkeeper/core": "^0.1.0",', '');
    expect(checkPlugins(root).faults).toEqual([expect.stringContaining('devDependencies needs')]);
  });
});
