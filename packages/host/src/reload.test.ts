import type { Clock } from '@labkeeper/core';
import { createRedactor, ManualClock } from '@labkeeper/core/runtime';
import { createContainer, createEngine, type Engine } from '@labkeeper/engine';
import { afterEach, describe, expect, it } from 'vitest';
import { fixtureLoader } from '../fixtures/read-config.js';
import { recordingLog } from '../fixtures/recording-log.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { createDigest } from './config/digest.js';
import type { ConfigParts, LoadedConfig } from './config/load-config.js';
import { loadConfig } from './config/load-config.js';
import { HostState } from './host-state.js';
import { ConfigReloader } from './reload.js';

const folder = temporaryFolder();
const open: { engine: Engine; reloader: ConfigReloader }[] = [];
afterEach(async () => {
  for (const { engine, reloader } of open.splice(0)) {
    reloader.close();
    await engine.stop();
  }
});

const check = (name: string, more = '') =>
  `  - http: { url: 'https://${name}.example/'${more} }\n    name: ${name}\n`;

async function running(yaml: string, env: Record<string, string> = {}) {
  const file = folder.write('labkeeper.yaml', yaml);
  const clock: Clock & ManualClock = new ManualClock();
  const log = recordingLog();
  const redactor = createRedactor();
  const configParts: ConfigParts = {
    file,
    env,
    secrets: redactor,
    loader: fixtureLoader(redactor),
    digest: createDigest(),
  };
  const { config, ...reading } = await loadConfig(configParts);
  if (!config) throw new Error(JSON.stringify(reading.faults));
  const engine = createEngine(createContainer({ clock, redactor }));
  await engine.start();
  await engine.apply(config.plan);
  const state = new HostState(config);
  const levels: string[] = [];
  const onSettings = ({ settings }: LoadedConfig) => void levels.push(settings.logLevel);
  const reloader = new ConfigReloader({
    configParts,
    reading: { ...reading, config },
    engine,
    clock,
    log,
    redactor,
    state,
    onSettings,
  });
  open.push({ engine, reloader });
  const names = () => engine.checks.list().items.map(({ name }) => name);
  return { engine, reloader, clock, log, state, levels, names, env };
}

describe('reading the configuration again', () => {
  it('restarts only what differs', async () => {
    const { engine, reloader, log, names } = await running(`check:\n${check('a')}${check('b')}${check('c')}`);
    folder.write('labkeeper.yaml', `check:\n${check('a')}${check('b', ', method: HEAD')}${check('d')}`);
    const changes: unknown[] = [];
    engine.events.on('plan.applied', ({ change }) => void changes.push(change));
    expect(await reloader.reload('SIGHUP')).toBe('applied');
    expect(names()).toEqual(['a', 'b', 'd']);
    expect(changes).toMatchObject([
      {
        started: expect.arrayContaining(['check/b', 'check/d']) as string[],
        stopped: expect.arrayContaining(['check/b', 'check/c']) as string[],
        kept: expect.arrayContaining(['check/a', 'collect/system']) as string[],
      },
    ]);
    expect(log.lines.at(-1)).toMatchObject({
      level: 'info',
      fields: { reason: 'SIGHUP', started: 2, stopped: 2, kept: 2 },
    });
  });

  it('changes nothing when the file has faults, tells of all of them, and recovers with the file', async () => {
    const { engine, reloader, log, state, names } = await running(`check:\n${check('a')}`);
    const rejected: unknown[] = [];
    engine.events.on('config.rejected', (event) => void rejected.push(event));
    folder.write('labkeeper.yaml', 'check:\n  - htp: {}\n  - http: { urll: x }\nlissten: x\n');
    expect(await reloader.reload('SIGHUP')).toBe('rejected');
    expect(names()).toEqual(['a']);
    const codes = [
      'PLUGIN_UNKNOWN_CONTRIBUTION',
      'CONFIG_MISSING_KEY',
      'CONFIG_UNKNOWN_KEY',
      'CONFIG_UNKNOWN_KEY',
    ];
    expect(rejected).toMatchObject([{ faults: { length: 4 } }]);
    expect(
      log.lines
        .filter(({ level }) => level === 'error')
        .map(({ fields }) => fields.code ?? fields.faults)
        .sort(),
    ).toEqual([4, ...codes].sort());
    expect(log.lines.find(({ fields }) => fields.path === 'lissten')?.fields).toMatchObject({
      place: `${folder.path('labkeeper.yaml')}:4:1`,
      nearest: 'listen',
    });
    expect(state.problems().join()).toContain('4 faults');
    folder.write('labkeeper.yaml', `check:\n${check('b')}`);
    expect(await reloader.reload('SIGHUP')).toBe('applied');
    expect(names()).toEqual(['b']);
    expect(state.problems()).toEqual([]);
  });

  it('says what counts only after a restart, and applies the rest', async () => {
    const { reloader, log, state, levels } = await running('log: { level: info }');
    folder.write(
      'labkeeper.yaml',
      'log: { level: debug }\nlisten: 0.0.0.0:80\nstorage: { sqlite: { synchronous: full } }\napi: { public_url: https://x.example }\n',
    );
    await reloader.reload('SIGHUP');
    expect(log.lines.find(({ level }) => level === 'warn')?.fields).toEqual({
      part: 'config',
      keys: ['listen', 'storage'],
    });
    expect(state.problems().join()).toContain('listen, storage');
    expect(state.settings.publicUrl).toBe('https://x.example');
    expect(levels).toEqual(['debug']);
  });

  it('happens by itself when the file or a file behind ${file:…} changes', async () => {
    folder.write('token', 'first-secret');
    const { reloader, clock, engine } = await running(
      `check:\n${check('a', ", token: '${file:./token}'")}${check('b')}`,
    );
    reloader.watch();
    const stopped: string[] = [];
    engine.events.on('plan.applied', ({ change }) => void stopped.push(...change.stopped));
    folder.write('token', 'second-secret');
    await expect.poll(() => clock.advance(250).then(() => stopped)).toEqual(['check/a']);
  });

  it('notices when a file that was missing appears', async () => {
    const { reloader, clock, names } = await running(`check:\n${check('a')}`);
    reloader.watch();
    folder.write('labkeeper.yaml', `check:\n${check('b', ", token: '${file:./token}'")}`);
    expect(await reloader.reload('SIGHUP')).toBe('rejected');
    folder.write('token', 'a-secret');
    await expect.poll(() => clock.advance(250).then(names)).toEqual(['b']);
  });

  it('takes in a rule file that appears where a pattern points to', async () => {
    const { reloader, clock, state } = await running("rules: ['./rules/*.yml']\n");
    const groups = () => state.plan.rules?.groups.map(({ name }) => name);
    reloader.watch();
    for (const name of ['a', 'b'])
      folder.write(`rules/${name}.yml`, `groups: [{ name: ${name}, rules: [{ alert: A, expr: up }] }]\n`);
    await expect.poll(() => clock.advance(250).then(groups)).toEqual(['a', 'b']);
    folder.write('rules/c.yml', 'groups: [{ name: c, rules: [{ alert: A, expr: up }] }]\n');
    await expect.poll(() => clock.advance(250).then(groups)).toEqual(['a', 'b', 'c']);
  });

  it('reads one time after the other, and once more for whatever was asked meanwhile', async () => {
    const { reloader, names } = await running(`check:\n${check('a')}`);
    const first = reloader.reload('one');
    folder.write('labkeeper.yaml', `check:\n${check('b')}`);
    await Promise.all([first, reloader.reload('two'), reloader.reload('three')]);
    expect(names()).toEqual(['b']);
  });

  it('shows no secret in the log', async () => {
    const secret = 'qJ8xPlantedZt3v';
    const { reloader, log } = await running(`check:\n${check('a', `, token: ${secret}`)}`);
    folder.write(
      'labkeeper.yaml',
      `check:\n${check('a', `, token: [${secret}], tokn: ${secret}, headers: ${secret}`)}`,
    );
    expect(await reloader.reload('SIGHUP')).toBe('rejected');
    expect(JSON.stringify(log.lines)).not.toContain(secret);
  });
});
