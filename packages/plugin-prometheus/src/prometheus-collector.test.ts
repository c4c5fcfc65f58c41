import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { isStalenessMark, type Sample } from '@labkeeper/core';
import {
  conformCollector,
  conformPlugin,
  createLab,
  type HttpServer,
  type ReceivedRequest,
  startHttpServer,
  startInstance,
  startMisbehavingServer,
} from '@labkeeper/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import plugin from './index.js';
import { prometheusCollector } from './prometheus-collector.js';
import { HAS_PROMETHEUS, type RunningPrometheus, startPrometheus } from './testing/start-prometheus.js';

const REPORT = /^(up$|scrape_)/;
const PLAIN = { 'content-type': 'text/plain; version=0.0.4' };

/** An exporter whose answer the test says. */
let exporter: HttpServer;
let answer: (response: ServerResponse, request: ReceivedRequest) => void;
const refuses = (status: number) => {
  answer = (response) => void response.writeHead(status).end();
};
const exposesPacked = (packed: Uint8Array) => {
  answer = (response) => void response.writeHead(200, { ...PLAIN, 'content-encoding': 'gzip' }).end(packed);
};
const exposes = (text: string, headers: Record<string, string> = PLAIN) => {
  answer = (response) => void response.writeHead(200, headers).end(text);
};
const address = () => `127.0.0.1:${exporter.port}`;

beforeAll(async () => {
  exporter = await startHttpServer((request, response) => answer(response, request));
});
afterAll(() => exporter.close());
beforeEach(() => exposes('# TYPE a gauge\na{b="c"} 1\nd_total 2\n'));

conformPlugin(plugin);
conformCollector({
  collector: prometheusCollector,
  options: () => ({
    targets: [address()],
    bearer_token: 'a-secret-token',
    secret_headers: { 'x-key': 'another-secret' },
  }),
  invalid: [
    { options: {}, code: 'CONFIG_MISSING_KEY' },
    { options: { targets: [] }, code: 'CONFIG_WRONG_VALUE' },
    { options: { targets: ['a'], body_size_limit: '10 apples' }, code: 'CONFIG_WRONG_VALUE' },
    { options: { targets: ['a'], relable: [] }, code: 'CONFIG_UNKNOWN_KEY' },
    { options: { targets: ['a'], relabel: [{ action: 'hashmod' }] }, code: 'CONFIG_MISSING_KEY' },
    {
      options: { targets: ['a'], bearer_token: 'x', basic_auth: { username: 'a', password: 'b' } },
      code: 'CONFIG_WRONG_VALUE',
    },
  ],
});

/** An instance that is scraped as often as the test wants. */
const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});
async function scraping(options: object = {}, timeoutMs?: number) {
  const lab = createLab();
  const instance = await startInstance(
    prometheusCollector,
    { targets: [address()], job: 'j', ...options },
    lab,
  );
  running.push(() => instance.stop());
  const collect = async () => (await prometheusCollector.collect(instance.run(timeoutMs))).samples;
  /** What was scraped, as `name{labels} value`, without `job`, `instance` and the report. */
  const scraped = async () => (await collect()).filter(({ name }) => !REPORT.test(name)).map(lineOf);
  return { lab, collect, scraped };
}

function lineOf({ name, labels = {}, value, timeMs }: Sample): string {
  const shown = Object.entries(labels)
    .filter(([label, text]) => label !== 'job' && (label !== 'instance' || text !== address()))
    .map(([label, text]) => `${label}="${text}"`);
  const time = timeMs === undefined ? '' : ` ${timeMs}`;
  return `${name}{${shown.sort().join(',')}} ${isStalenessMark(value) ? 'stale' : value}${time}`;
}

/** The report by name, without the duration. */
function reportOf(samples: readonly Sample[]) {
  const found = samples.filter(({ name }) => REPORT.test(name) && name !== 'scrape_duration_seconds');
  return Object.fromEntries(found.map(({ name, value }) => [name.replace('scrape_', ''), value]));
}
const DOWN = { up: 0, samples_scraped: 0, samples_post_metric_relabeling: 0, series_added: 0 };

describe('a scrape', () => {
  it('brings what the target exposes, with its job and instance, and a report', async () => {
    const { collect } = await scraping();
    const samples = await collect();
    const labels = { job: 'j', instance: address() };
    expect(samples).toContainEqual({ name: 'a', labels: { b: 'c', ...labels }, value: 1 });
    expect(samples).toContainEqual({ name: 'up', labels, value: 1 });
    expect(reportOf(samples)).toEqual({
      up: 1,
      samples_scraped: 2,
      samples_post_metric_relabeling: 2,
      series_added: 2,
    });
    expect(reportOf(await collect())).toMatchObject({ series_added: 0 });
  });

  it('asks as Prometheus does', async () => {
    const { collect } = await scraping(
      {
        metrics_path: '/probe',
        params: { module: 'm', target: ['x', 'y z'] },
        headers: { 'x-plain': '1' },
        secret_headers: { 'x-key': 'a-secret' },
        basic_auth: { username: 'me', password: 'a-password' },
      },
      4_000,
    );
    await collect();
    const request = exporter.requests.at(-1);
    expect(request?.path).toBe('/probe?module=m&target=x&target=y+z');
    expect(request?.headers).toMatchObject({
      accept: expect.stringMatching(/^application\/openmetrics-text;version=1\.0\.0/) as string,
      'accept-encoding': 'gzip',
      'x-prometheus-scrape-timeout-seconds': '3.8',
      'x-plain': '1',
      'x-key': 'a-secret',
      authorization: `Basic ${Buffer.from('me:a-password').toString('base64')}`,
    });
  });

  it('sends a token', async () => {
    const { collect } = await scraping({ bearer_token: 'a-token' });
    await collect();
    expect(exporter.requests.at(-1)?.headers.authorization).toBe('Bearer a-token');
  });

  it('reads OpenMetrics where the target speaks it', async () => {
    const { scraped } = await scraping();
    exposes('a_total 1 1.5 # {trace_id="x"} 1\n# EOF\n', {
      'content-type': 'application/openmetrics-text; version=1.0.0',
    });
    expect(await scraped()).toEqual(['a_total{} 1 1500']);
  });

  it('unpacks what comes packed', async () => {
    const { scraped } = await scraping();
    exposesPacked(gzipSync('a 1\n'));
    expect(await scraped()).toEqual(['a{} 1']);
  });

  it('gives a series as the same labels at every scrape, so that a store can know it again', async () => {
    const { collect } = await scraping();
    const [first, second] = [await collect(), await collect()];
    for (const [index, { labels }] of first.entries()) expect(second[index]?.labels).toBe(labels);
  });

  it('goes to the targets of an entry side by side, and one that hangs costs the others nothing', async () => {
    const silent = await startMisbehavingServer('hang');
    try {
      const { collect } = await scraping({ targets: [silent.url, address()] }, 500);
      const samples = await collect();
      expect(samples.map(lineOf)).toContain('a{b="c"} 1');
      expect(
        samples.filter(({ name }) => name === 'up').map(({ labels, value }) => [labels?.instance, value]),
      ).toEqual([
        [`127.0.0.1:${silent.port}`, 0],
        [address(), 1],
      ]);
    } finally {
      await silent.close();
    }
  });
});

describe('labels', () => {
  it('that the target exposes and has here too are renamed', async () => {
    const { scraped } = await scraping();
    exposes('a{job="x",exported_job="y",instance="z"} 1\n');
    expect(await scraped()).toEqual([
      'a{exported_exported_job="x",exported_instance="z",exported_job="y"} 1',
    ]);
  });

  it('that the target exposes win with honor_labels, even when they are empty', async () => {
    const { collect } = await scraping({ honor_labels: true });
    exposes('a{job="x",instance=""} 1\n');
    expect(await collect()).toContainEqual({ name: 'a', labels: { job: 'x' }, value: 1 });
  });

  it('and names are rewritten by rules, and series dropped', async () => {
    const { scraped, collect } = await scraping({
      metric_relabel: [
        { action: 'drop', source_labels: ['__name__'], regex: 'd_.*' },
        { source_labels: ['__name__', 'b'], regex: 'a;(.*)', target_label: '__tmp_kept', replacement: '$1' },
        { source_labels: ['__tmp_kept'], regex: '(.+)', target_label: '__name__', replacement: 'renamed_$1' },
        { action: 'labeldrop', regex: 'b' },
      ],
    });
    expect(await scraped()).toEqual(['renamed_c{} 1']);
    expect(reportOf(await collect())).toMatchObject({
      samples_scraped: 2,
      samples_post_metric_relabeling: 1,
    });
  });

  it('and names of other alphabets get underscores', async () => {
    const { scraped } = await scraping();
    exposes('{"my.metric","a.b"="c","1é"="d","räume"="e",__hidden="f"} 1\n');
    expect(await scraped()).toEqual(['my_metric{a_b="c",escaped__="d",r_ume="e"} 1']);
  });

  it('that come to be the same on two series: the first counts, and it is said once', async () => {
    const { scraped, lab } = await scraping({ metric_relabel: [{ action: 'labeldrop', regex: 'b' }] });
    exposes('a{b="1"} 1\na{b="2"} 2\n');
    expect(await scraped()).toEqual(['a{} 1']);
    expect(await scraped()).toEqual(['a{} 1']);
    expect(lab.log.lines).toMatchObject([{ fields: { target: address(), duplicates: 1 } }]);
  });

  it('of the report are not for the target to use', async () => {
    const { collect } = await scraping({ honor_labels: true });
    exposes(`up{job="j",instance="${address()}"} 0\n`);
    expect((await collect()).filter(({ name }) => name === 'up')).toMatchObject([{ value: 1 }]);
  });
});

describe('timestamps', () => {
  beforeEach(() => exposes('a 1 1500\n'));

  it('that the target exposes count, and such series do not end by themselves', async () => {
    const { scraped } = await scraping();
    expect(await scraped()).toEqual(['a{} 1 1500']);
    exposes('');
    expect(await scraped()).toEqual([]);
  });

  it('are passed over without honor_timestamps', async () => {
    const { scraped } = await scraping({ honor_timestamps: false });
    expect(await scraped()).toEqual(['a{} 1']);
    exposes('');
    expect(await scraped()).toEqual(['a{} stale']);
  });
});

describe('what ends', () => {
  it('is marked: a series that the target no longer has', async () => {
    const { scraped } = await scraping();
    await scraped();
    exposes('a{b="c"} 3\n');
    expect(await scraped()).toEqual(['a{b="c"} 3', 'd_total{} stale']);
    expect(await scraped()).toEqual(['a{b="c"} 3']);
  });

  it('is everything when the target fails, once', async () => {
    const { collect, scraped } = await scraping();
    await scraped();
    refuses(503);
    const samples = await collect();
    expect(samples.map(lineOf)).toEqual(
      expect.arrayContaining(['a{b="c"} stale', 'd_total{} stale', 'up{} 0']),
    );
    expect(reportOf(samples)).toEqual(DOWN);
    expect(await scraped()).toEqual([]);
    exposes('a{b="c"} 4\n');
    expect(reportOf(await collect())).toMatchObject({ up: 1, series_added: 1 });
  });

  it('is what the scrape before had, when the target breaks off in the middle', async () => {
    const { scraped } = await scraping();
    exposes('a 1\nb 2\n');
    await scraped();
    exposes('b 3\nc 4\n?\n');
    expect(await scraped()).toEqual(['a{} stale', 'b{} stale']);
    exposes('c 5\n');
    expect(await scraped()).toEqual(['c{} 5']);
  });
});

describe('a scrape that fails', () => {
  it.each<[string, object, () => void, string]>([
    ['a refusal', {}, () => refuses(401), 'status 401'],
    [
      'nonsense',
      {},
      () => exposes('<html>'),
      "line 1, column 1: a metric name is missing here; found '<html>'",
    ],
    [
      'OpenMetrics that was cut off',
      {},
      () => exposes('a 1\n', { 'content-type': 'application/openmetrics-text' }),
      "the end mark '# EOF' is missing",
    ],
    [
      'a protocol that is no text',
      {},
      () => exposes('', { 'content-type': 'application/vnd.google.protobuf' }),
      'which is no text',
    ],
    ['a strange packing', {}, () => exposes('', { 'content-encoding': 'br' }), 'packed with br'],
    [
      'a broken packing',
      {},
      () => exposes('a 1', { 'content-encoding': 'gzip' }),
      'says that it is gzip, and is not',
    ],
    ['too many bytes', { body_size_limit: '10B' }, () => exposes('a 1\nb 2\nc 3\n'), 'larger than 10 bytes'],
    [
      'too many bytes in a small packet',
      { body_size_limit: '1KB' },
      () => exposesPacked(gzipSync('#'.repeat(2_000))),
      'larger than 1024 bytes when unpacked',
    ],
    ['too many samples', { sample_limit: 1 }, () => undefined, 'more than 1 samples (sample_limit)'],
    [
      'too many labels',
      { label_limit: 3 },
      () => undefined,
      'a series has 4 labels, allowed are 3 (series a)',
    ],
    ['too long a name', { label_name_length_limit: 7 }, () => undefined, 'characters, allowed are 7'],
    ['too long a value', { label_value_length_limit: 3 }, () => undefined, 'characters, allowed are 3'],
    [
      'a series without a name',
      { metric_relabel: [{ action: 'labeldrop', regex: '__name__' }] },
      () => undefined,
      'the rules leave a without a name',
    ],
  ])('by %s leaves up at 0 and says why', async (_, options, given, reason) => {
    given();
    const { collect, lab } = await scraping(options);
    const samples = await collect();
    expect(reportOf(samples)).toEqual(DOWN);
    expect(samples).toHaveLength(5);
    expect(lab.log.lines).toMatchObject([{ level: 'warn', fields: { target: address(), job: 'j' } }]);
    expect(lab.log.lines[0]?.fields.reason).toContain(reason);
  });

  it('keeps a limit that its rules help it to keep', async () => {
    const metric_relabel = [{ action: 'drop', source_labels: ['__name__'], regex: 'd_.*' }];
    const { scraped } = await scraping({ sample_limit: 1, label_limit: 4, metric_relabel });
    expect(await scraped()).toEqual(['a{b="c"} 1']);
  });

  it('says so once, and that it is over', async () => {
    const { collect, lab } = await scraping();
    refuses(503);
    for (let run = 0; run < 3; run++) await collect();
    exposes('a 1\n');
    for (let run = 0; run < 3; run++) await collect();
    expect(lab.log.lines.map(({ message }) => message)).toEqual([
      'a target could not be scraped',
      'a target is scraped again',
    ]);
  });
});

describe('what it is about', () => {
  const targetOf = (options: object) => prometheusCollector.target?.({ job: 'my job', ...options } as never);

  it('is the one target', () => {
    expect(targetOf({ targets: ['nas.lan:9100'] })).toEqual({
      entity: 'service:nas.lan:9100',
      host: 'nas.lan',
      displayName: 'nas.lan:9100',
    });
    expect(targetOf({ targets: [{ target: 'https://pve.lan/x' }] })).toMatchObject({
      entity: 'service:pve.lan',
    });
  });

  it('is the job where there are several', () => {
    expect(targetOf({ targets: ['a:1', 'b:1'] })).toEqual({ entity: 'service:my-job' });
  });
});

describe.skipIf(!HAS_PROMETHEUS)('a real exporter (skipped where there is no /usr/bin/prometheus)', () => {
  let prometheus: RunningPrometheus;
  beforeAll(async () => {
    prometheus = await startPrometheus('# EOF\n');
  }, 60_000);
  afterAll(() => prometheus.stop());

  it('is scraped whole: Prometheus itself', async () => {
    const { collect, lab } = await scraping({ targets: [prometheus.address] });
    const samples = await collect();
    expect(lab.log.lines).toEqual([]);
    const { up, samples_scraped } = reportOf(samples);
    expect(up).toBe(1);
    expect(samples_scraped).toBeGreaterThan(200);
    const info = samples.find(({ name }) => name === 'prometheus_build_info');
    expect(info?.labels).toMatchObject({
      instance: prometheus.address,
      job: 'j',
      version: expect.any(String) as string,
    });
    expect(samples).toContainEqual(
      expect.objectContaining({ name: 'prometheus_tsdb_compaction_chunk_size_bytes_bucket' }),
    );
    expect(reportOf(await collect()).series_added).toBeLessThan(100);
  });
});
