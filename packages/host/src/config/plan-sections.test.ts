import { Secret } from '@labkeeper/core';
import { createRedactor } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { fixtureLoader, type ReadSetup, readConfig } from '../../fixtures/read-config.js';
import { fixturePlugins } from '../../fixtures/standard-plugins.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const folder = temporaryFolder();

async function read(yaml: string, setup: Partial<ReadSetup> = {}) {
  const { config, faults, ...reading } = await readConfig({
    file: folder.write('labkeeper.yaml', yaml),
    ...setup,
  });
  expect(faults).toEqual([]);
  if (!config) throw new Error('no faults and no configuration');
  return { ...config, ...reading };
}

const check = (more = '', options = "url: 'https://a.example/'") =>
  `check:\n  - http: { ${options} }\n${more.replace(/^/gm, '    ')}`;

describe('the plan of a file', () => {
  it('measures this machine when there is no file, or the file does not say what to measure', async () => {
    const { config } = await readConfig({ file: undefined });
    const { plan } = await read('log: { level: debug }\ncheck:\n');
    for (const each of [config?.plan, plan]) {
      expect(each?.collectors).toMatchObject([
        {
          id: 'collect/system',
          name: 'system',
          plugin: 'system',
          trigger: { kind: 'interval', everyMs: 10_000 },
          timeoutMs: 5_000,
        },
      ]);
      expect(each?.checks).toEqual([]);
    }
    expect((await read('collect: []')).plan.collectors).toEqual([]);
  });

  it('takes everything from a check that says it', async () => {
    const { plan } = await read(
      check(`
name: Next Cloud
every: 1m30s
timeout: 20s
entity: service:nextcloud
depends_on: [server:nas]
labels: { site: home }
severity: critical
failures: 3
recoveries: 2
paused: true`),
    );
    expect(plan.checks).toMatchObject([
      {
        id: 'check/next-cloud',
        name: 'next-cloud',
        displayName: 'Next Cloud',
        plugin: 'http',
        trigger: { kind: 'interval', everyMs: 90_000 },
        timeoutMs: 20_000,
        entity: 'service:nextcloud',
        host: 'a.example',
        dependsOn: ['server:nas'],
        labels: { site: 'home' },
        severity: 'critical',
        failuresBeforeDown: 3,
        successesBeforeUp: 2,
        paused: true,
        options: { url: 'https://a.example/', method: 'GET' },
      },
    ]);
  });

  it('takes the rest from the check itself', async () => {
    const { plan } = await read(check());
    expect(plan.checks).toMatchObject([
      {
        name: 'http-a.example',
        entity: 'site:a.example',
        trigger: { everyMs: 30_000 },
        timeoutMs: 10_000,
        severity: 'high',
        failuresBeforeDown: 2,
        successesBeforeUp: 1,
        paused: false,
        dependsOn: [],
      },
    ]);
  });

  it('cuts the usual timeout to a short interval, and knows cron with its time zone', async () => {
    expect((await read(check('every: 2s'))).plan.checks[0]).toMatchObject({ timeoutMs: 2_000 });
    const { plan } = await read(check("cron: '0 6 * * 1'\ntime_zone: Europe/Berlin"));
    expect(plan.checks[0]).toMatchObject({
      trigger: { kind: 'cron', expression: '0 6 * * 1', timeZone: 'Europe/Berlin' },
      timeoutMs: 10_000,
    });
  });

  it('wraps secrets, freezes options, and changes nothing that it was given', async () => {
    const redactor = createRedactor();
    const { plan } = await read(
      check('', "url: 'https://a.example/', token: hunter2hunter2, headers: { a: headersecret }"),
      { redactor },
    );
    const options = plan.checks[0]?.options as { token: Secret; headers: Record<string, Secret> };
    expect(options.token).toBeInstanceOf(Secret);
    expect([options.token.reveal(), options.headers.a?.reveal()]).toEqual(['hunter2hunter2', 'headersecret']);
    expect(Object.isFrozen(options)).toBe(true);
    expect(redactor.redact('hunter2hunter2 headersecret')).toBe('[secret] [secret]');
    expect(JSON.stringify(plan)).not.toMatch(/hunter2|headersecret/);
  });

  it('fills in variables and files, and hides what they bring', async () => {
    const redactor = createRedactor();
    folder.write('token', 'from-a-file\n');
    const env = {
      SITE: 'b.example',
      API_TOKEN: 'from-the-environment',
      DB: 'postgres://me:inside-a-url@db/x',
    };
    const { plan, files } = await read(
      check(
        'labels: { db: "${DB}", t: "${API_TOKEN}" }',
        "url: 'https://${SITE}/', token: '${file:./token}'",
      ),
      {
        env,
        redactor,
      },
    );
    expect(plan.checks[0]).toMatchObject({ entity: 'site:b.example', labels: { t: 'from-the-environment' } });
    const { token } = plan.checks[0]!.options as { token: Secret };
    expect(token.reveal()).toBe('from-a-file');
    expect(redactor.redact('from-a-file from-the-environment inside-a-url b.example')).toBe(
      '[secret] [secret] [secret] b.example',
    );
    expect(files).toEqual([folder.path('labkeeper.yaml'), folder.path('token')]);
  });

  it('turns a text into a number or a boolean only when it is one reference and nothing else', async () => {
    const env = { PORT: '8080', VERIFY: 'false', FAILURES: '4' };
    const notify = (port: string) =>
      `notify:\n  - slack: { webhook: 'https://x.example/', port: ${port}, verify: '\${VERIFY}' }`;
    const { plan } = await read(`${notify("'${PORT}'")}\n${check("failures: '${FAILURES}'")}`, { env });
    expect(plan.channels[0]?.options).toMatchObject({ port: 8080, verify: false });
    expect(plan.checks[0]).toMatchObject({ failuresBeforeDown: 4 });
    for (const port of ["'8080'", "'${PORT}0'", "' ${PORT}'", "'${VERIFY}'"]) {
      const { faults } = await readConfig({ file: folder.write('labkeeper.yaml', notify(port)), env });
      expect(
        faults.map(({ code, path }) => [code, path.at(-1)]),
        port,
      ).toEqual([['CONFIG_WRONG_TYPE', 'port']]);
    }
  });

  it('knows anchors and merge keys, and finds faults where they stand', async () => {
    const yaml = (failures: number) => `
entities: [{ id: server:nas }]
check:
  - &base
    http: &site { url: 'https://a.example/' }
    failures: ${failures}
    depends_on: [server:nas]
  - <<: *base
    name: two
    http: { <<: *site, method: HEAD }`;
    const { plan } = await read(yaml(5));
    expect(plan.checks).toMatchObject([
      { failuresBeforeDown: 5, dependsOn: ['server:nas'] },
      {
        name: 'two',
        failuresBeforeDown: 5,
        dependsOn: ['server:nas'],
        options: { url: 'https://a.example/', method: 'HEAD' },
      },
    ]);
    const { faults } = await readConfig({ file: folder.write('labkeeper.yaml', yaml(0)) });
    expect(faults.map(({ position }) => position?.line)).toEqual([6, 6]);
  });

  it('gives each channel what it wants to hear', async () => {
    const { plan } = await read(`
notify:
  - slack: { webhook: 'https://x.example/' }
    when: { severity: [critical], events: [alert.firing] }
  - slack: { webhook: 'https://y.example/' }
    name: everything
    timeout: 5s`);
    expect(plan.channels).toMatchObject([
      { id: 'notify/slack', when: { severities: ['critical'], kinds: ['alert.firing'] }, timeoutMs: 30_000 },
      {
        id: 'notify/everything',
        when: { severities: ['critical', 'high', 'medium', 'low'] },
        timeoutMs: 5_000,
      },
    ]);
    expect(plan.channels[1]?.when.kinds).toContain('alert.resolved');
  });

  it('declares entities', async () => {
    const { plan } = await read(`
entities:
  - id: server:nas
    display_name: NAS
    parent: network:lan
    depends_on: [network:switch]
    labels: { rack: a }
    attributes: { bays: 4, owner: null }`);
    expect(plan.entities).toEqual([
      {
        id: 'server:nas',
        displayName: 'NAS',
        parent: 'network:lan',
        dependsOn: ['network:switch'],
        labels: { rack: 'a' },
        attributes: { bays: 4, owner: null },
      },
    ]);
  });

  it('imports only the plugins that are used', async () => {
    const standard = fixturePlugins();
    const redactor = createRedactor();
    await read('collect: []\nrules: []', { redactor, loader: fixtureLoader(redactor, standard) });
    expect(standard.imported).toEqual(['sqlite']);
    await read(check(), { redactor, loader: fixtureLoader(redactor, standard) });
    expect(standard.imported).toEqual(['sqlite', 'system', 'http', 'sqlite']);
  });

  it('lets a listed plugin stand in for an official one', async () => {
    folder.write(
      'my-http.js',
      `export default { name: 'my-http', summary: 'Mine.', contract: '0.1.0', checks: [{
        name: 'http', summary: 'Mine.', options: { type: 'object' }, metrics: [], schedule: { every: '1m', timeout: '5s' },
        target: () => ({ entity: 'site:mine' }), check: async () => ({ status: 'up', message: '' }) }] };`,
    );
    const { plan, plugins } = await read(
      `plugins: [{ package: ./my-http.js, isolation: inline }]\n${check()}`,
    );
    expect(plan.checks).toMatchObject([
      { plugin: 'my-http', entity: 'site:mine', trigger: { everyMs: 60_000 } },
    ]);
    expect([...plugins].map(({ origin, packageName }) => [origin, packageName])).toContainEqual([
      'listed',
      './my-http.js',
    ]);
  });

  describe('gives an entry the same digest', () => {
    const digestOf = async (yaml: string, env = {}) => (await read(yaml, { env })).plan.checks[0]?.digest;

    it('as long as nothing about it changes, whatever else does', async () => {
      const before = await digestOf(check('every: 30s\nlabels: { a: x, b: y }'));
      expect(
        await digestOf(
          `log: { level: debug }\n${check('labels: { b: y, a: x }\nevery: 30s')}\n  - http: { url: 'https://b.example/' }`,
        ),
      ).toBe(before);
    });

    it.each([
      check('every: 31s'),
      check('every: 30s\nname: other'),
      check('every: 30s', "url: 'https://a.example/x'"),
      check('every: 30s', "url: 'https://a.example/', token: another-secret"),
    ])('and another one when something changes: %s', async (yaml) => {
      expect(await digestOf(yaml)).not.toBe(await digestOf(check('every: 30s')));
    });

    it('and another one when a secret behind a variable changes', async () => {
      const yaml = check('', "url: 'https://a.example/', token: '${T}'");
      expect(await digestOf(yaml, { T: 'first-secret' })).not.toBe(
        await digestOf(yaml, { T: 'second-secret' }),
      );
    });
  });
});
