import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';
import { temporaryFolder } from './running-host.js';

const FIVE_MISTAKES = `listen: 0.0.0.0
check:
  - http: { url: 'https://cloud.example.com/', expct: { status: 200 } }
    evry: 30s
    severity: hgih
notify:
  - slack: {}
`;

const written = (yaml: string) => {
  const folder = temporaryFolder();
  const file = join(folder, 'labkeeper.yaml');
  writeFileSync(file, yaml);
  return { folder, file };
};

/** Place and code of each message, and whether a remedy follows it. */
const messages = (stderr: string) =>
  stderr
    .split('\n\n')
    .map((text) => /labkeeper\.yaml:(\d+:\d+) {2}(\w+)[\s\S]*remedy: \S/.exec(text)?.slice(1, 3).join(' '))
    .filter((message) => message !== undefined);

const EXPECTED = [
  '1:9 CONFIG_WRONG_VALUE',
  '3:48 CONFIG_UNKNOWN_KEY',
  '4:5 CONFIG_UNKNOWN_KEY',
  '5:15 CONFIG_WRONG_VALUE',
  '7:5 CONFIG_MISSING_KEY',
];

describe('the data folder', () => {
  it('that is mistyped is not made by a question about keys', async () => {
    const data = join(temporaryFolder(), 'mistyped');
    const { code, stderr } = await runCli(['keys', 'list', '--data', data]);
    expect([code, existsSync(data)]).toEqual([1, false]);
    expect(stderr).toContain(`There is no data folder ${data}.`);
  });

  it('holds files that nobody else can read, also when it was there before', async () => {
    const data = join(temporaryFolder(), 'data');
    mkdirSync(data, { mode: 0o755 });
    expect((await runCli(['keys', 'add', 'grafana', '--role', 'viewer', '--data', data])).code).toBe(0);
    expect(readdirSync(data)).toContain('labkeeper.db');
    for (const file of readdirSync(data)) expect(statSync(join(data, file)).mode & 0o077).toBe(0);
  });

  it('that is a file is refused with code and remedy', async () => {
    const { file } = written('collect: []\n');
    const { code, stderr } = await runCli(['start', '--data', file, '--listen', '127.0.0.1:0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^DATA_FOLDER_UNUSABLE: .*it is a file\n {2}remedy: /);
  });
});

describe('a role or an address that there is not', () => {
  it('is answered with those that there are', async () => {
    const data = join(temporaryFolder(), 'data');
    const { stderr } = await runCli(['keys', 'add', 'x', '--role', 'root', '--data', data]);
    expect(stderr).toMatch(/There is no role 'root'\.\n {2}allowed: viewer, operator, admin, agent\n/);
  });

  it('is a mistake of the person, with exit code 2', async () => {
    const { code, stderr } = await runCli(['start', '--listen', 'foo', '--data', temporaryFolder()]);
    expect(code).toBe(2);
    expect(stderr).toContain('LISTEN_INVALID');
  });
});

describe('a file with five mistakes', () => {
  it('is refused by start with exit code 2 and five messages, each with place and remedy; nothing is made', async () => {
    const { folder, file } = written(FIVE_MISTAKES);
    const { code, stderr, stdout } = await runCli([
      'start',
      '--config',
      file,
      '--data',
      join(folder, 'data'),
    ]);
    expect(code).toBe(2);
    expect(messages(stderr)).toEqual(EXPECTED);
    expect(stdout).toBe('');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('is named by check with exit code 1', async () => {
    const { code, stderr } = await runCli(['check', written(FIVE_MISTAKES).file]);
    expect(code).toBe(1);
    expect(messages(stderr)).toEqual(EXPECTED);
    expect(stderr).toContain('5 faults in the configuration.');
  });
});

describe('the other commands', () => {
  it('check says in one line that a file is right', async () => {
    const { file } = written("check: [{ http: { url: 'https://a.example/' }, name: a }]\n");
    const { code, stdout, stderr } = await runCli(['check', file]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${file}: right. 1 collector, 1 check, 0 channels, 0 entities, 5 rules.\n`,
      stderr: '',
    });
  });

  it.each(['minimal', 'web-sites-to-slack'])('check accepts the example %s', async (name) => {
    const file = fileURLToPath(new URL(`../examples/${name}/labkeeper.yaml`, import.meta.url));
    const { code, stderr } = await runCli(['check', file], {
      env: { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('plugins lists the official ones, and a listed one with where its code runs', async () => {
    const { folder, file } = written('plugins: [./lamp.js]\n');
    writeFileSync(
      join(folder, 'lamp.js'),
      "export default { name: 'lamp', summary: 'A lamp.', contract: '0.1.0', checks: [{ name: 'lamp', summary: 'Is it on?', options: { type: 'object' }, metrics: [], schedule: { every: '1m', timeout: '5s' }, target: () => ({ entity: 'lamp:a' }), check: async () => ({ status: 'up', message: 'on' }) }] };",
    );
    const { code, stdout } = await runCli(['plugins', '--config', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/@labkeeper\/plugin-http +\S+ +check http +inline/);
    expect(stdout).toMatch(/\.\/lamp\.js +\S+ +check lamp +thread/);
  });

  it('schema writes a JSON Schema with the options of the plugins', async () => {
    const folder = temporaryFolder();
    const { code } = await runCli(['schema', '--out', 'labkeeper.schema.json'], { cwd: folder });
    const schema = JSON.parse(readFileSync(join(folder, 'labkeeper.schema.json'), 'utf8')) as {
      $schema: string;
    };
    expect(code).toBe(0);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.stringify(schema)).toContain('webhook');
  });

  it('--version prints the version of the package', async () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../packages/host/package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect((await runCli(['--version'])).stdout.trim()).toBe(manifest.version);
  });

  it('an unknown command is an error on standard error', async () => {
    const { code, stdout, stderr } = await runCli(['strat']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown command 'strat'");
  });
});
