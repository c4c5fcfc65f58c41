import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Exporter } from './prometheus-as-source/exporter.js';
import {
  amtoolArguments,
  missingPrograms,
  startAlertmanager,
  startPrometheus,
} from './prometheus-as-source/programs.js';
import { differingAnswers } from './prometheus-as-source/same-numbers.js';
import { eventually, type RunningHost, startHost, temporaryFolder } from './running-host.js';
import type { RunningProgram } from './start-program.js';
import { Receiver } from './webhook-receiver.js';

if (missingPrograms.length > 0)
  console.warn(`e2e/prometheus-as-source: skipped, not installed: ${missingPrograms.join(', ')}.`);

/** Prometheus sends, Labkeeper looks every five seconds whether something is to be repeated, and the machine may be busy. */
const PATIENCE_MS = 60_000;
const LIMIT_MS = 3 * PATIENCE_MS;

/** An alert as `amtool alert query --output=json` shows it. */
interface ListedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: string; readonly silencedBy: readonly string[] };
}

describe.skipIf(missingPrograms.length > 0)('with the programs of the Prometheus project', () => {
  const folder = temporaryFolder();
  const receiver = new Receiver();
  let exporter: Exporter;
  let host: RunningHost;
  let prometheus: RunningProgram & { readonly url: string };

  beforeAll(async () => {
    exporter = await Exporter.start();
    for (const alarm of ['fire', 'water']) exporter.set(alarm, false);
    await receiver.become('ok');
    host = await startHost({ dataDir: folder, yaml: configOf(receiver) });
    prometheus = await startPrometheus(folder, { target: exporter.target, host: host.url });
  });
  afterAll(async () => {
    await prometheus?.end();
    await host?.end('SIGKILL');
    exporter?.close();
    await receiver.become('away');
    rmSync(folder, { recursive: true, force: true });
  });

  const told = (title: string) => receiver.heard.filter(({ body }) => body.title === title).length;
  const amtool = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)('amtool', [...amtoolArguments(folder, host.url), ...args]);
    return stdout;
  };
  const listed = async (...flags: readonly string[]) => {
    const alerts = JSON.parse(
      await amtool('alert', 'query', '--output=json', ...flags),
    ) as readonly ListedAlert[];
    return alerts.map(({ labels, status }) => `${labels.name} ${status.state}`).sort();
  };
  const soon = (ask: () => Promise<boolean> | boolean, wish: string) => eventually(ask, wish, PATIENCE_MS);

  it(
    'an alert of Prometheus arrives, is told, and is listed by amtool',
    async () => {
      for (const alarm of ['fire', 'water']) exporter.set(alarm, true);
      await soon(() => told('Alarm fire') > 0 && told('Alarm water') > 0, 'both alarms are told');
      expect(await listed()).toEqual(['fire active', 'water active']);
      expect(await listed('name=fire')).toEqual(['fire active']);
    },
    LIMIT_MS,
  );

  it(
    'a silence of amtool ends its repeats and no others, until it expires',
    async () => {
      await soon(() => told('Alarm fire') >= 3, 'it is told again and again');
      const silence = (
        await amtool('silence', 'add', '-a', 'me', '-c', 'known', 'alertname=Alarm', 'name=fire')
      ).trim();
      expect(await amtool('silence', 'query', '--quiet')).toContain(silence);
      await soon(async () => (await listed()).join() === 'water active', 'only the other one is active');
      expect(await listed('--silenced')).toEqual(['fire suppressed']);
      const before = told('Alarm fire');
      const others = told('Alarm water');
      // The time in which the other one is repeated three times: no clock of ours is faster than that of a real host.
      await soon(() => told('Alarm water') >= others + 3, 'the other one is still repeated');
      expect(told('Alarm fire')).toBe(before);
      await amtool('silence', 'expire', silence);
      await soon(() => told('Alarm fire') > before, 'it is told again');
      expect(await listed()).toEqual(['fire active', 'water active']);
    },
    LIMIT_MS,
  );

  it(
    'is over when Prometheus says so',
    async () => {
      exporter.set('fire', false);
      await soon(() => told('Over: Alarm fire') === 1, 'its end is told');
      expect(await listed()).toEqual(['water active']);
    },
    LIMIT_MS,
  );

  it(
    'what Prometheus writes here can be asked with the same numbers',
    async () => {
      let differing: readonly string[] = [];
      const ask = await differingAnswers(prometheus.url, host.url);
      // The newest samples are still on their way.
      await soon(async () => {
        differing = await ask();
        return differing.length === 0;
      }, 'both say the same').catch(() => undefined);
      expect(differing).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'an Alertmanager in front of it tells it of beginnings and ends',
    async () => {
      const alertmanager = await startAlertmanager(folder, host.url);
      try {
        const startsAt = new Date().toISOString();
        const smoke = {
          labels: { alertname: 'Smoke', room: 'attic' },
          annotations: { summary: 'Smoke in the attic' },
        };
        await send(alertmanager.url, { ...smoke, startsAt });
        await soon(() => told('Smoke in the attic') > 0, 'it is told');
        await send(alertmanager.url, { ...smoke, startsAt, endsAt: new Date().toISOString() });
        await soon(() => told('Over: Smoke in the attic') === 1, 'its end is told');
      } finally {
        await alertmanager.end();
      }
    },
    LIMIT_MS,
  );
});

async function send(alertmanager: string, alert: object): Promise<void> {
  const response = await fetch(`${alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([alert]),
  });
  expect(response.status).toBe(200);
}

/** Nothing of its own is measured: whatever it knows comes from Prometheus. */
function configOf({ url }: Receiver): string {
  return `
collect: []
rules: []
routes: [alertmanager]
notify:
  - webhook: { url: '${url}/all' }
    repeat: 2s
    messages_per_minute: 0
`;
}
