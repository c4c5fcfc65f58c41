import { describe, expect, it } from 'vitest';
import { readConfig } from '../../fixtures/read-config.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const group = (name: string) => `groups:\n  - name: ${name}\n    rules: [{ alert: Down, expr: up == 0 }]\n`;

async function read(yaml: string) {
  const { config, faults, warnings, files, patterns } = await readConfig({
    file: folder.write('labkeeper.yaml', yaml),
  });
  expect(faults).toEqual([]);
  if (!config) throw new Error('no faults and no configuration');
  const { groups = [], packs = [] } = config.plan.rules ?? {};
  return { config, warnings, files, patterns, groups, packs };
}

describe('rules of a file', () => {
  it('are the default ones when it does not say, and none when it says so', async () => {
    expect((await read('log: {}\n')).packs).toMatchObject([{ plugin: 'system', parameters: {} }]);
    expect((await read('rules: []\n')).packs).toEqual([]);
    expect((await readConfig({ file: undefined })).config?.plan.rules?.packs).toHaveLength(1);
  });

  it('come from files beside it, each read once, in the order of the list', async () => {
    for (const name of ['b', 'a']) folder.write(`rules/${name}.yml`, group(name));
    folder.write('more.yaml', group('more'));
    const { groups, files } = await read('rules: [more.yaml, ./rules/b.yml, ./rules/*.yml]\n');
    expect(groups.map(({ name, file }) => [name, file])).toEqual([
      ['more', 'more.yaml'],
      ['b', 'rules/b.yml'],
      ['a', 'rules/a.yml'],
    ]);
    expect(files).toEqual(expect.arrayContaining([folder.path('more.yaml'), folder.path('rules/a.yml')]));
  });

  it('come from plugins, with parameters', async () => {
    const { packs } = await read('rules: [defaults]\n');
    expect(packs.map(({ pack, parameters }) => [pack.name, parameters])).toEqual([['defaults', {}]]);
    expect((await read('rules: [{ defaults: { disk_percent: 75 } }]\n')).packs[0]?.parameters).toEqual({
      disk_percent: 75,
    });
    expect((await read('rules: [{ defaults: }]\n')).packs[0]?.parameters).toEqual({});
  });

  it('may be none yet where a pattern stands', async () => {
    const { groups, warnings, patterns } = await read("rules: ['./rules/*.yml']\n");
    expect([groups, warnings.map(({ code }) => code)]).toEqual([[], ['CONFIG_FILE_UNREADABLE']]);
    expect(patterns).toEqual([folder.path('rules/*.yml')]);
  });

  it.each(['rules: defaults', 'rules: { defaults: {} }', 'rules: [5]', 'rules: [[defaults]]', 'rules: [{}]'])(
    'of another shape are a fault: %s',
    async (yaml) => {
      const { faults } = await readConfig({ file: folder.write('labkeeper.yaml', yaml) });
      expect(faults.map(({ code }) => code)).toEqual([expect.stringMatching(/^CONFIG_WRONG_(TYPE|VALUE)$/)]);
    },
  );
});

describe('what else a file says of alerts', () => {
  it('is the address that templates and messages name', async () => {
    const { config } = await read('api: { public_url: https://lab.example }\n');
    expect(config.plan.externalUrl).toBe('https://lab.example');
    expect((await read('log: {}\n')).config.plan).not.toHaveProperty('externalUrl');
  });

  it('are the routes that plugins open', async () => {
    const { config } = await read('routes: [alertmanager]\n');
    expect(config.routes).toMatchObject([{ plugin: 'alertmanager', set: { name: 'alertmanager' } }]);
  });
});
