import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { SeriesSamples } from '@labkeeper/core';
import { eventually, freePort } from '../running-host.js';
import type { Answer, Asked } from './answer.js';

/** Where `prometheus` and `promtool` lie, or undefined where one of them is not installed. */
export function findPrometheus(): { server: string; tool: string } | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const find = (name: string) => folders.map((folder) => join(folder, name)).find(existsSync);
  const [server, tool] = [find('prometheus'), find('promtool')];
  return server && tool ? { server, tool } : undefined;
}

/** A real Prometheus over the data, on a loopback port. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Writes the data as blocks into the folder and starts a server over it. Throws when it does not come up. */
  static async start(series: readonly SeriesSamples[], folder: string): Promise<Prometheus> {
    const programs = findPrometheus();
    if (programs === undefined) throw new Error('prometheus and promtool are not installed');
    const text = join(folder, 'data.om');
    writeFileSync(text, openMetrics(series));
    await promisify(execFile)(programs.tool, [
      ...['tsdb', 'create-blocks-from', 'openmetrics', text, join(folder, 'blocks')],
    ]);
    const port = await freePort();
    const child = spawn(programs.server, serverArguments(folder, port), { stdio: 'ignore' });
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, child);
    await eventually(() => prometheus.#isReady(), 'Prometheus is ready');
    return prometheus;
  }

  ask(asked: Asked): Promise<Answer> {
    return askApi(`${this.url}/api/v1`, { ...asked, text: inItsWords(asked.text) });
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  async #isReady(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`Prometheus ended with ${this.child.exitCode}`);
    const response = await fetch(`${this.url}/-/ready`).catch(() => undefined);
    return response?.ok === true;
  }
}

/** Asks whatever speaks Prometheus' HTTP API; `root` ends in `/api/v1`. Rejects when nothing answers in JSON. */
export async function askApi(
  root: string,
  { text: query, fromMs, toMs, stepMs }: Asked,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const [path, form] =
    stepMs === 0
      ? ['query', { query, time: seconds(fromMs) }]
      : ['query_range', { query, start: seconds(fromMs), end: seconds(toMs), step: seconds(stepMs) }];
  const response = await fetch(`${root}/${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  return readAnswer((await response.json()) as Body);
}

function serverArguments(folder: string, port: number): string[] {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, 'global: { evaluation_interval: 1m }\n');
  return [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'blocks')}`,
    // The data is of a fixed day, whatever day it is.
    '--storage.tsdb.retention.time=200y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
}

/** It was renamed in version 3. */
function inItsWords(text: string): string {
  return text.replaceAll('double_exponential_smoothing(', 'holt_winters(');
}

function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(3);
}

function openMetrics(series: readonly SeriesSamples[]): string {
  const lines = series.flatMap(({ series: { name, labels }, timesMs, values }) => {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    // promtool cuts off behind the millisecond: half a millisecond more, and the product of its floats does not fall below.
    return Array.from(timesMs, (timeMs, index) => {
      const time = `${Math.floor(timeMs / 1_000)}.${String(timeMs % 1_000).padStart(3, '0')}5`;
      return `${name}{${pairs.join(',')}} ${goNumber(values[index] as number)} ${time}\n`;
    });
  });
  return `${lines.join('')}# EOF\n`;
}

function goNumber(value: number): string {
  return String(value).replace('Infinity', 'Inf');
}

type Point = readonly [seconds: number, value: string];

interface Body {
  readonly status: 'success' | 'error';
  readonly errorType?: string;
  readonly error?: string;
  readonly data?:
    | { readonly resultType: 'scalar' | 'string'; readonly result: Point }
    | {
        readonly resultType: 'vector';
        readonly result: readonly { metric: Record<string, string>; value: Point }[];
      }
    | {
        readonly resultType: 'matrix';
        readonly result: readonly { metric: Record<string, string>; values: readonly Point[] }[];
      };
}

function readAnswer({ data, errorType, error }: Body): Answer {
  if (data === undefined) return { type: 'error', kind: errorType ?? '', message: error ?? '' };
  switch (data.resultType) {
    case 'string':
      return { type: 'string', text: data.result[1] };
    case 'scalar':
      return { type: 'scalar', series: [{ labels: {}, ...readPoints([data.result]) }] };
    case 'vector':
      return {
        type: 'vector',
        series: data.result.map(({ metric, value }) => ({ labels: metric, ...readPoints([value]) })),
      };
    case 'matrix':
      return {
        type: 'matrix',
        series: data.result.map(({ metric, values }) => ({ labels: metric, ...readPoints(values) })),
      };
  }
}

function readPoints(points: readonly Point[]): { timesMs: number[]; values: number[] } {
  return {
    timesMs: points.map(([time]) => Math.round(time * 1_000)),
    values: points.map(([, value]) => Number(value.replace('Inf', 'Infinity'))),
  };
}
