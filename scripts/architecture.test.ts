import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './workspace.js';

const DOCUMENTS = ['ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md', 'docs/guides/writing-a-plugin.md'];

/** Paths of this repository that a document names in code or links to. */
function namedPaths(text: string): string[] {
  const inCode = [...text.matchAll(/`((?:packages|scripts|docs|examples|e2e|bench)\/[\w./-]+)`/g)].map(
    (match) => match[1] ?? '',
  );
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
  // `bench/NAME` stands for any name.
  return [...inCode, ...linked].filter((path) => !path.includes('NAME') && path !== 'packages/plugin-pihole');
}

describe.each(DOCUMENTS)('%s', (document) => {
  const folder = document.includes('/') ? document.slice(0, document.lastIndexOf('/')) : '';
  const text = readFileSync(join(ROOT, document), 'utf8');

  it('names only files that exist', () => {
    const missing = namedPaths(text).filter(
      (path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, folder, path)),
    );
    expect(missing).toEqual([]);
  });
});

it('the architecture is told by naming files', () => {
  expect(namedPaths(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')).length).toBeGreaterThan(30);
});
