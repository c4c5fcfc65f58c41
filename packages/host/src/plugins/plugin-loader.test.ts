import { createRedactor, systemClock } from '@labkeeper/core/runtime';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { builtThreadModule } from '../../fixtures/built-thread-module.js';
import { readConfig } from '../../fixtures/read-config.js';
import { recordingLog } from '../../fixtures/recording-log.js';
import { fixturePlugins } from '../../fixtures/standard-plugins.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { PluginLoader } from './plugin-loader.js';

const folder = temporaryFolder();
const plugin = (name: string) => new URL(`./isolation/testcases/${name}.js`, import.meta.url).pathname;

let threadModule: URL;
beforeAll(async () => {
  threadModule = await builtThreadModule();
});
const loaders: PluginLoader[] = [];
afterEach(async () => {
  await Promise.all(loaders.splice(0).map((loader) => loader.close()));
});

function newLoader(redactor = createRedactor()) {
  const loader = new PluginLoader({
    ...{ threadModule, clock: systemClock(), log: recordingLog(), secrets: redactor },
    standard: fixturePlugins(),
  });
  loaders.push(loader);
  return loader;
}

async function read(yaml: string, loader = newLoader()) {
  return await readConfig({ file: folder.write('labkeeper.yaml', yaml), loader });
}

const well = (options: string) =>
  `plugins: ['${plugin('well-behaved')}']\ncheck: [{ well-behaved: { ${options} }, name: w }]\n`;

describe('a listed plugin', () => {
  it('runs in a thread unless the file says otherwise, and plans like any other', async () => {
    const { config, faults, plugins } = await read(well('token: planted-token'));
    expect(faults).toEqual([]);
    expect(config?.plan.checks).toMatchObject([
      {
        plugin: 'well-behaved',
        entity: 'service:world',
        host: 'world.example',
        displayName: 'w',
        options: { name: 'world' },
      },
    ]);
    expect(
      [...plugins].map(({ packageName, isolation }) => [packageName.split('/').at(-1), isolation]),
    ).toContainEqual(['well-behaved.js', 'thread']);
  });

  it('in a thread reports the faults of its schema and of its own checks, with their places', async () => {
    const schema = await read(well('token: 5, nmae: x'));
    expect(
      schema.faults.map(({ code, position }) => `${code} ${position?.line}:${position?.column}`),
    ).toEqual(['CONFIG_UNKNOWN_KEY 2:37', 'CONFIG_WRONG_TYPE 2:34']);
    const own = await read(well('token: planted-token, name: nobody'));
    expect(own.faults).toMatchObject([
      {
        code: 'CONFIG_WRONG_VALUE',
        path: ['check', 0, 'well-behaved', 'name'],
        message: 'Nobody is not a name.',
      },
    ]);
  });

  it('can be told to run inline', async () => {
    const { plugins } = await read(`plugins: [{ package: '${plugin('well-behaved')}', isolation: inline }]`);
    expect([...plugins].find(({ origin }) => origin === 'listed')?.isolation).toBe('inline');
  });

  it('that fails in its thread is broken, with the cause', async () => {
    const { faults } = await read(
      `plugins: ['${plugin('throwing-import')}']\ncheck: [{ throwing-import-x: {} }]`,
    );
    expect(faults).toMatchObject([
      {
        code: 'PLUGIN_BROKEN',
        path: ['plugins', 0],
        message: expect.stringContaining('I need libfoo') as string,
      },
    ]);
  });

  it('is imported once, however often the file is read, and its thread ends with its last use', async () => {
    const loader = newLoader();
    const first = await read(well('token: planted-token'), loader);
    const second = await read(well('token: planted-token, name: other'), loader);
    const listed = ({ plugins }: typeof first) => [...plugins].find(({ origin }) => origin === 'listed');
    expect(listed(second)).toBe(listed(first));
    await loader.closeOthers(new Set());
    expect(listed(await read(well('token: planted-token'), loader))).not.toBe(listed(first));
  });

  it('is tried again when it could not be loaded before', async () => {
    const loader = newLoader();
    const yaml = 'plugins: [{ package: ./mine.js, isolation: inline }]';
    expect((await read(yaml, loader)).faults).toMatchObject([{ code: 'PLUGIN_NOT_FOUND' }]);
    folder.write('mine.js', "export default { name: 'mine', summary: 'Mine.', contract: '0.1.0' };");
    expect((await read(yaml, loader)).faults).toEqual([]);
  });

  it('is found beside the configuration file first, also as a package with an ESM door only', async () => {
    folder.write(
      'node_modules/labkeeper-plugin-lamp/package.json',
      '{ "name": "labkeeper-plugin-lamp", "version": "2.3.4", "type": "module", "exports": { ".": { "import": "./lamp.js" } } }',
    );
    folder.write(
      'node_modules/labkeeper-plugin-lamp/lamp.js',
      "export default { name: 'lamp', summary: 'Lamp.', contract: '0.1.0' };",
    );
    const { faults, plugins } = await read(
      'plugins: [{ package: labkeeper-plugin-lamp, isolation: inline }]',
    );
    expect(faults).toEqual([]);
    expect([...plugins]).toContainEqual(
      expect.objectContaining({ packageName: 'labkeeper-plugin-lamp', version: '2.3.4' }),
    );
  });
});
