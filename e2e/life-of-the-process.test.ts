import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';
import {
  ADMIN_KEY,
  eventually,
  freePort,
  type HostSetup,
  type RunningHost,
  startHost,
  temporaryFolder,
} from './running-host.js';

const running: RunningHost[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((host) => host.end('SIGKILL')));
});

async function started(setup: HostSetup = {}): Promise<RunningHost> {
  const host = await startHost(setup);
  running.push(host);
  return host;
}

const site = (port: number) =>
  `check: [{ http: { url: 'http://127.0.0.1:${port}/' }, name: site, every: 1s }]\n`;
const checkIds = async (host: RunningHost) =>
  (await host.api<{ items: { check_id: string }[] }>('/api/v1/checks')).items.map(({ check_id }) => check_id);
const keyInOutput = (host: RunningHost) => /admin key +(lk_\S+)/.exec(host.output())?.[1];

describe('start', () => {
  it('prints the address and, the first time only, an admin key that works', async () => {
    const dataDir = temporaryFolder();
    const first = await started({ dataDir, env: { LABKEEPER_ADMIN_KEY: '' } });
    expect(first.output()).toContain(first.url);
    const key = keyInOutput(first) ?? '';
    expect((await fetch(`${first.url}/api/v1/checks`, { headers: { 'x-api-key': key } })).status).toBe(200);
    expect((await fetch(`${first.url}/api/v1/checks`, { headers: { 'x-api-key': `${key}x` } })).status).toBe(
      401,
    );
    await first.end();
    const second = await started({ dataDir, env: { LABKEEPER_ADMIN_KEY: '' } });
    expect(keyInOutput(second)).toBeUndefined();
    expect((await fetch(`${second.url}/api/v1/checks`, { headers: { 'x-api-key': key } })).status).toBe(200);
  });

  it('refuses a data folder that another process uses, and an address in use', async () => {
    const host = await started();
    const data = join(host.dataDir, 'data');
    const locked = await runCli(['start', '--data', data, '--listen', '127.0.0.1:0']);
    expect(locked).toMatchObject({ code: 1, stderr: expect.stringContaining('STORAGE_LOCKED') as string });
    const inUse = await runCli([
      'start',
      '--data',
      join(temporaryFolder(), 'data'),
      '--listen',
      host.url.slice('http://'.length),
    ]);
    expect(inUse).toMatchObject({ code: 1, stderr: expect.stringContaining('LISTEN_FAILED') as string });
  });

  it('refuses a preset key that could be guessed', async () => {
    const { code, stderr } = await runCli(
      ['start', '--data', join(temporaryFolder(), 'data'), '--listen', '127.0.0.1:0'],
      {
        env: { LABKEEPER_ADMIN_KEY: 'short' },
      },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('KEY_INVALID');
  });
});

describe('the end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'comes within five seconds of %s, with exit code 0, also during checks that hang',
    async (signal) => {
      // Nobody answers at this address of the documentation network: the checks wait for their timeout.
      const host = await started({
        yaml: "check: [{ http: { url: 'http://192.0.2.1/' }, name: hanging, every: 10s, timeout: 10s }]\n",
      });
      await host.api('/api/v1/checks');
      const begin = performance.now();
      expect(await host.end(signal)).toBe(0);
      expect(performance.now() - begin).toBeLessThan(5_000);
      expect(existsSync(join(host.dataDir, 'data/labkeeper.sock'))).toBe(false);
    },
  );

  it('may be a kill: the next start finds keys and checks again', async () => {
    const port = await freePort();
    const host = await started({ yaml: site(port) });
    const data = join(host.dataDir, 'data');
    const added = await runCli(['keys', 'add', 'phone', '--role', 'viewer', '--data', data]);
    await eventually(
      async () => (await host.api<{ status: string }>('/api/v1/checks/site')).status === 'down',
      'the check is down',
    );
    await host.end('SIGKILL');
    const again = await started({ yaml: site(port), dataDir: host.dataDir });
    const viewer = { headers: { 'x-api-key': added.stdout.trim() } };
    expect((await fetch(`${again.url}/api/v1/checks/site`, viewer)).status).toBe(200);
    await eventually(
      async () => (await again.api<{ status: string }>('/api/v1/checks/site')).status === 'down',
      'the check is down again',
    );
    await eventually(
      async () => (await again.api<{ total: number }>('/api/v1/alerts')).total === 1,
      'there is one alert, however the kill fell',
    );
  });
});

describe('keys', () => {
  it('are made, listed and revoked while the host runs, and count at once', async () => {
    const host = await started();
    const data = ['--data', join(host.dataDir, 'data')];
    const added = await runCli(['keys', 'add', 'phone', '--role', 'viewer', ...data]);
    const ask = () => fetch(`${host.url}/api/v1/checks`, { headers: { 'x-api-key': added.stdout.trim() } });
    expect((await ask()).status).toBe(200);
    const listed = await runCli(['keys', 'list', ...data]);
    const id = /^(\S+) +phone +viewer/m.exec(listed.stdout)?.[1] ?? '';
    expect((await runCli(['keys', 'revoke', id, ...data])).code).toBe(0);
    expect((await ask()).status).toBe(401);
    expect((await runCli(['keys', 'revoke', id, ...data])).code).toBe(1);
    const audit = await host.api<{ items: { action: string }[] }>('/api/v1/audit');
    expect(audit.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['key.add', 'key.revoke']),
    );
    expect(host.output()).not.toContain(added.stdout.trim());
  });

  it('are made while no host runs, too', async () => {
    const dataDir = temporaryFolder();
    const added = await runCli(['keys', 'add', 'phone', '--role', 'viewer', '--data', join(dataDir, 'data')]);
    expect(added.code).toBe(0);
    const host = await started({ dataDir });
    expect(
      (await fetch(`${host.url}/api/v1/checks`, { headers: { 'x-api-key': added.stdout.trim() } })).status,
    ).toBe(200);
  });
});

describe('reading the configuration again', () => {
  it('happens when the file is saved, and only what changed restarts', async () => {
    const port = await freePort();
    const host = await started({ yaml: site(port) });
    const file = join(host.dataDir, 'labkeeper.yaml');
    await eventually(() => host.output().includes('Everything of the configuration runs'), 'it runs');
    writeFileSync(file, `${site(port)}collect: []\nentities: [{ id: 'server:nas' }]\n`);
    await eventually(
      () => host.output().includes('"reason":"a file has changed"'),
      'it has read the file again',
    );
    expect(host.output()).toMatch(/"started":0,"stopped":1,"kept":1/);
  });

  it('happens on SIGHUP; a file with faults changes nothing and every fault is in the log', async () => {
    const port = await freePort();
    const host = await started({ yaml: site(port) });
    await eventually(() => host.output().includes('Everything of the configuration runs'), 'it runs');
    writeFileSync(
      join(host.dataDir, 'labkeeper.yaml'),
      'check:\n  - htp: {}\n  - http: { urll: x }\nlissten: x\n',
    );
    host.process.kill('SIGHUP');
    await eventually(() => host.output().includes('the old one goes on'), 'it has refused the file');
    for (const code of ['PLUGIN_UNKNOWN_CONTRIBUTION', 'CONFIG_UNKNOWN_KEY', 'CONFIG_MISSING_KEY'])
      expect(host.output()).toContain(code);
    expect(await checkIds(host)).toEqual(['site']);
    const health = await host.api<{ problems: string[] }>('/api/v1/system/health');
    expect(health.problems.join()).toContain('configuration');
    writeFileSync(join(host.dataDir, 'labkeeper.yaml'), site(port).replace('name: site', 'name: renamed'));
    await eventually(async () => (await checkIds(host)).join() === 'renamed', 'the mended file counts');
    await eventually(
      async () => (await host.api<{ problems: string[] }>('/api/v1/system/health')).problems.length === 0,
      'there is no problem any more',
    );
  });
});

describe('a secret', () => {
  it('appears nowhere in what the host prints, however much goes wrong', async () => {
    const secret = 'qJ8xPlantedZt3v';
    const port = await freePort();
    const yaml = `log: { level: debug }
check:
  - http: { url: 'http://127.0.0.1:${port}/', headers: { authorization: 'Bearer ${secret}' } }
    name: site
    every: 1s
notify:
  - slack: { webhook: 'http://127.0.0.1:${port}/${secret}' }
`;
    const host = await started({ yaml });
    await eventually(
      async () => (await host.api<{ status: string }>('/api/v1/checks/site')).status === 'down',
      'the check is down',
    );
    writeFileSync(
      join(host.dataDir, 'labkeeper.yaml'),
      yaml.replace('webhook', 'webhok').replace('http://127', `http://me:${secret}@127`),
    );
    await eventually(() => host.output().includes('the old one goes on'), 'it has refused the file');
    const answers = await Promise.all(
      ['/api/v1/checks', '/api/v1/alerts', '/api/v1/entities', '/metrics'].map((path) => text(host, path)),
    );
    await host.end();
    expect(`${host.output()} ${answers.join()}`).not.toContain(secret);
    expect(host.output()).not.toContain(ADMIN_KEY);
  });
});

async function text(host: RunningHost, path: string): Promise<string> {
  return await (await fetch(host.url + path, { headers: { 'x-api-key': ADMIN_KEY } })).text();
}
