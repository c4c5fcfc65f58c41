import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedactor } from '@labkeeper/core/runtime';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../fixtures/read-config.js';
import { printFaults } from './print-faults.js';

const SECRET = 'qJ8xPlantedZt3v';
const folder = mkdtempSync(join(tmpdir(), 'labkeeper-'));
const file = join(folder, 'labkeeper.yaml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every way in which a secret can stand in a file: in an option, in a list of headers, in an address, by reference. */
const FILE = `
notify:
  - slack: { webhook: 'https://hooks.example/${SECRET}', port: 443 }
    name: first
  - slack:
      webhook: https://hooks.example/${SECRET}
      verify: true
    name: second
  - slack: { webhook: '\${SECRET_FROM_ENV}' }
    name: third
  - slack: { webhook: '\${file:./webhook}' }
    name: fourth
check:
  - http:
      url: https://cloud.example.com/
      token: ${SECRET}
      headers: { x-api-key: "${SECRET}" }
    name: cloud
    every: 30s
`;

async function everythingShown(text: string): Promise<string> {
  writeFileSync(file, text);
  const redactor = createRedactor();
  const env = { SECRET_FROM_ENV: SECRET };
  const { faults, warnings, source } = await readConfig({ file, env, redactor });
  const style = { color: 'on' as const, redact: redactor.redact, ...(source ? { lines: source } : {}) };
  const logged = JSON.stringify(redactor.redactValue([faults, warnings]));
  return `${printFaults([...faults, ...warnings], style)}\n${logged}`;
}

describe('a secret in the configuration', () => {
  writeFileSync(join(folder, 'webhook'), `https://hooks.example/${SECRET}\n`);

  it('makes no fault in the file that the other tests damage', async () => {
    expect(await everythingShown(FILE)).toBe('\n[[],[]]');
  });

  it('is never shown, whatever is wrong with the file around it', async () => {
    const places = Array.from({ length: FILE.length }, (_, index) => index).filter((index) =>
      isOutsideSecrets(index),
    );
    const mutation = fc.record({
      at: fc.constantFrom(...places),
      remove: fc.nat(12),
      insert: fc.constantFrom(
        '',
        'x',
        ' ',
        '\n',
        ':',
        ': ',
        '-',
        '- ',
        '{',
        '}',
        '[',
        ']',
        ',',
        "'",
        '"',
        '#',
        '*a',
        '&a ',
        '!x ',
        '|',
        '\t',
        '${',
        '5',
      ),
    });
    const damaged = fc
      .array(mutation, { minLength: 1, maxLength: 2 })
      .map((mutations) => mutations.reduce(mutate, FILE));
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        expect(await everythingShown(text)).not.toContain(SECRET);
      }),
      { numRuns: 800 },
    );
  }, 60_000);

  it.each([
    'nested: { list: [SECRET] }',
    'slack: { webhok: SECRET }',
    'slack: [SECRET]',
    'slack: SECRET',
    'SECRET',
    'slack: { webhook SECRET }',
    'slakc: SECRET',
  ])('is not shown as `- %s`', async (item) => {
    expect(
      await everythingShown(`notify:\n  - ${item.replace('SECRET', `https://hooks.example/${SECRET}`)}\n`),
    ).not.toContain(SECRET);
  });

  it('is not shown as the password inside an address that stands in a plain option', async () => {
    const shown = await everythingShown(`check:\n  - http: { url: 'ftp://me:${SECRET}@a.example/' }\n`);
    expect(shown).toContain('CONFIG_WRONG_VALUE');
    expect(shown).not.toContain(SECRET);
  });
});

function isOutsideSecrets(index: number): boolean {
  for (let at = FILE.indexOf(SECRET); at !== -1; at = FILE.indexOf(SECRET, at + 1)) {
    if (index >= at - 12 && index < at + SECRET.length) return false;
  }
  return true;
}

function mutate(
  text: string,
  { at, remove, insert }: { at: number; remove: number; insert: string },
): string {
  const removed = text.slice(at, at + remove).includes(SECRET.slice(0, 4)) ? 0 : remove;
  return text.slice(0, at) + insert + text.slice(at + removed);
}
