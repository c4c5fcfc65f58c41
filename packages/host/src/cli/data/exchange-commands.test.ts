import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandOutcomes } from '../../../fixtures/command-outcome.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';
import { withConfiguredStorage } from '../configured-storage.js';
import { type ExportOptions, exportData } from './export-data.js';
import { importData } from './import-data.js';

const folder = temporaryFolder();
const TEXT = `# TYPE level unknown
level{tank="a"} 1.5 1700000000
level{tank="a"} 2.5 1700000060.5
level{tank="b"} 7 1700000000
# TYPE up unknown
up 1 1700000000
# EOF
`;

const outcomeOf = commandOutcomes();

const storageOf = (data: string) => ({
  config: folder.write('labkeeper.yaml', 'storage: { sqlite: { keep_samples: 100y } }\n'),
  data: folder.path(data),
});

const importing = (file: string, data: string) => outcomeOf(importData(file, storageOf(data)));

function exporting(file: string, data: string, options: Partial<ExportOptions> = {}) {
  const usual = { format: 'openmetrics', match: [] } as const;
  return outcomeOf(exportData(folder.path(file), { ...usual, ...storageOf(data), ...options }));
}

const content = (file: string) => readFileSync(folder.path(file), 'utf8');

describe('samples', () => {
  it.each(['openmetrics', 'compact'] as const)('come back the same through a file in %s', async (format) => {
    expect(await importing(folder.write('in.txt', TEXT), 'first')).toEqual([
      0,
      `The data folder ${folder.path('first')} is new.\n4 samples read as openmetrics: 4 kept, 0 known already.\n`,
    ]);
    expect(await exporting('file', 'first', { format })).toEqual([0, '4 samples of 3 series exported.\n']);
    const [code, text] = await importing(folder.path('file'), 'second');
    expect([code, text]).toEqual([0, expect.stringContaining(`4 samples read as ${format}: 4 kept`)]);
    await exporting('out.txt', 'second');
    expect(content('out.txt')).toBe(TEXT);
  });

  it('are exported while the store is written to', async () => {
    await importing(folder.write('in.txt', TEXT), 'data');
    await withConfiguredStorage(storageOf('data'), async ({ adapter, context }) => {
      const running = await adapter.open(context);
      const series = [{ name: 'newest', labels: {} }];
      await running.samples.append({ series, timesMs: Float64Array.of(1.7e12), values: Float64Array.of(1) });
      expect(await exporting('out.txt', 'data')).toEqual([0, '5 samples of 4 series exported.\n']);
      expect(await importing(folder.path('in.txt'), 'data')).toEqual([
        1,
        expect.stringMatching(/^STORAGE_LOCKED: /),
      ]);
      await running.close();
    });
    expect(content('out.txt')).toContain('newest 1 1700000000\n');
    expect(existsSync(folder.path('out.txt.part'))).toBe(false);
  });

  it('can be chosen by several selectors and by time', async () => {
    await importing(folder.write('in.txt', TEXT), 'data');
    const match = ['level{tank="a"}', '{tank=~"a|c"}', 'up'];
    await exporting('out.txt', 'data', { match, to: '1700000000' });
    expect(content('out.txt')).toBe(
      '# TYPE level unknown\nlevel{tank="a"} 1.5 1700000000\n# TYPE up unknown\nup 1 1700000000\n# EOF\n',
    );
    await exporting('out.txt', 'data', { from: '2023-11-14T22:14:20Z' });
    expect(content('out.txt')).toContain('level{tank="a"} 2.5 1700000060.5\n# EOF');
  });
});

describe('an import', () => {
  it('tells lines that it cannot read, keeps the others, and ends with 1', async () => {
    const file = folder.write('in.txt', TEXT.replace(' 7 ', ' seven '));
    const [code, text] = await importing(file, 'data');
    expect(code).toBe(1);
    expect(text).toMatch(/3 kept.*\n1 faulty line skipped\.\n {2}4:17 {2}\S/);
  });

  it('of a file that was cut off ends with 1', async () => {
    await importing(folder.write('in.txt', TEXT), 'data');
    await exporting('file', 'data', { format: 'compact' });
    truncateSync(folder.path('file'), 60);
    const [code, text] = await importing(folder.path('file'), 'other');
    expect([code, text]).toEqual([1, expect.stringContaining('The file is not complete')]);
  });

  it('of what is there already keeps the first value and says so', async () => {
    // What is old is in packs already, where it counts as kept although it changes nothing.
    const recent = `# TYPE level unknown\nlevel 7 ${Math.floor(Date.now() / 1_000)}\n# EOF\n`;
    await importing(folder.write('in.txt', recent), 'data');
    const [code, text] = await importing(folder.write('in.txt', recent.replace(' 7 ', ' 8 ')), 'data');
    expect(code).toBe(0);
    expect(text).toContain('1 sample refused: another value is there for that time.\n');
    await exporting('out.txt', 'data');
    expect(content('out.txt')).toBe(recent);
  });

  it('of a file that is not there makes no data folder', async () => {
    const [code, text] = await importing(folder.path('nothing'), 'data');
    expect([code, existsSync(folder.path('data'))]).toEqual([1, false]);
    expect(text).toMatch(/^DATA_FILE_UNUSABLE: .*ENOENT/);
  });

  it('of a file in no known form asks for the format', async () => {
    const [code, text] = await importing(folder.write('in.txt', 'up 1\n'), 'data');
    expect([code, text]).toEqual([
      2,
      expect.stringMatching(/^DATA_FORMAT_UNKNOWN: .*\n {2}allowed: openmetrics/),
    ]);
  });
});

describe('an export', () => {
  it.each([
    [{ match: ['up{job}'] }, 'SELECTOR_INVALID'],
    [{ from: 'yesterday' }, 'TIME_INVALID'],
    [{ from: '1d', to: '2d' }, 'TIME_INVALID'],
  ])('of %j is wrong usage, with exit code 2', async (options, code) => {
    await importing(folder.write('in.txt', TEXT), 'data');
    expect(await exporting('out.txt', 'data', options)).toEqual([2, expect.stringContaining(code)]);
    expect(existsSync(folder.path('out.txt'))).toBe(false);
  });

  it('from a folder without a store fails and makes nothing', async () => {
    const [code, text] = await exporting('out.txt', 'data');
    expect([code, text]).toEqual([1, expect.stringContaining('STORAGE_EMPTY')]);
    expect([existsSync(folder.path('out.txt')), existsSync(folder.path('data'))]).toEqual([false, false]);
  });

  it('of a storage that cannot be read beside a running Labkeeper says so', async () => {
    const memory = { config: folder.write('memory.yaml', 'storage: { memory: {} }\n') };
    const [code, text] = await exporting('out.txt', 'data', memory);
    expect([code, text]).toEqual([1, expect.stringContaining('BACKUP_UNSUPPORTED')]);
  });

  it('with a bad expression leaves no file behind', async () => {
    await importing(folder.write('in.txt', TEXT), 'data');
    writeFileSync(folder.path('out.txt'), 'as it was');
    const [code, text] = await exporting('out.txt', 'data', { match: ['{job=~"("}'] });
    expect([code, text]).toEqual([2, expect.stringContaining('SELECTOR_INVALID')]);
    expect([content('out.txt'), existsSync(folder.path('out.txt.part'))]).toEqual(['as it was', false]);
  });
});
