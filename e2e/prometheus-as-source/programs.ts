import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_KEY, freePort } from '../running-host.js';
import { findProgram, type RunningProgram, startProgram } from '../start-program.js';

const PROGRAMS = ['prometheus', 'prometheus-alertmanager', 'amtool'];

/** Those that are not installed here. */
export const missingPrograms = PROGRAMS.filter((name) => findProgram(name) === undefined);

const AUTHORIZATION = `authorization: { credentials: ${ADMIN_KEY} }`;

/** The tool of Alertmanager, and how it gets in. Gives its arguments. */
export function amtoolArguments(folder: string, url: string): readonly string[] {
  const file = join(folder, 'amtool-http.yml');
  writeFileSync(file, `${AUTHORIZATION}\n`);
  return [`--alertmanager.url=${url}/alertmanager`, `--http.config.file=${file}`];
}

/** A Prometheus that scrapes, sends its alerts to `host` and writes everything there. Gives its address. */
export async function startPrometheus(
  folder: string,
  { target, host }: { readonly target: string; readonly host: string },
): Promise<RunningProgram & { readonly url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'alarms.yml'), ALARM_RULES);
  writeFileSync(
    join(folder, 'prometheus.yml'),
    prometheusConfig(target, new URL(host).host, `127.0.0.1:${port}`),
  );
  const program = await startProgram(
    findProgram('prometheus') as string,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus-data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // A minute by default: its tests would wait for it.
      '--rules.alert.resend-delay=2s',
      '--log.level=warn',
    ],
    `${url}/-/ready`,
  );
  return { ...program, url };
}

/** An Alertmanager whose only receiver is Labkeeper's webhook. Gives its address. */
export async function startAlertmanager(
  folder: string,
  host: string,
): Promise<RunningProgram & { readonly url: string }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const data = join(folder, 'alertmanager-data');
  mkdirSync(data);
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, alertmanagerConfig(host));
  const program = await startProgram(
    findProgram('prometheus-alertmanager') as string,
    [
      ...[`--config.file=${config}`, `--storage.path=${data}`],
      ...[`--web.listen-address=${new URL(url).host}`, '--cluster.listen-address=', '--log.level=warn'],
    ],
    `${url}/-/ready`,
  );
  return { ...program, url };
}

const ALARM_RULES = `
groups:
  - name: alarms
    rules:
      - alert: Alarm
        expr: alarm == 1
        labels: { severity: critical }
        annotations: { summary: 'Alarm {{ $labels.name }}' }
`;

function prometheusConfig(target: string, host: string, own: string): string {
  return `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [alarms.yml]
scrape_configs:
  - job_name: rooms
    static_configs: [{ targets: ['${target}'] }]
  - job_name: prometheus
    static_configs: [{ targets: ['${own}'] }]
alerting:
  alertmanagers:
    - path_prefix: /alertmanager
      ${AUTHORIZATION}
      static_configs: [{ targets: ['${host}'] }]
remote_write:
  - url: http://${host}/prometheus/api/v1/write
    ${AUTHORIZATION}
    queue_config: { batch_send_deadline: 500ms }
`;
}

function alertmanagerConfig(host: string): string {
  return `
route: { receiver: labkeeper, group_wait: 0s, group_interval: 1s, group_by: ['...'] }
receivers:
  - name: labkeeper
    webhook_configs:
      - url: ${host}/webhook/alerts
        http_config: { ${AUTHORIZATION} }
`;
}
