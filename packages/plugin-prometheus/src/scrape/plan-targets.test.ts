import { optionFaults, startInstance } from '@labkeeper/testkit';
import { describe, expect, it } from 'vitest';
import { prometheusCollector } from '../prometheus-collector.js';
import { type PrometheusOptions, sizeBytes } from '../prometheus-options.js';
import { planTargets } from './plan-targets.js';

async function planned(given: object) {
  const { context, stop } = await startInstance(prometheusCollector, given);
  await stop();
  return planTargets(context.options as PrometheusOptions).map(({ url, labels }) => ({ url, labels }));
}
const faults = (given: object) =>
  optionFaults(prometheusCollector, given).map(({ path, message }) => ({ path, message }));

describe('targets', () => {
  it('are found under the path and the scheme of the entry', async () => {
    expect(
      await planned({ targets: ['nas.lan:9100', 'pi.lan', '[::1]:9100'], scheme: 'https', job: 'node' }),
    ).toEqual([
      { url: 'https://nas.lan:9100/metrics', labels: { job: 'node', instance: 'nas.lan:9100' } },
      { url: 'https://pi.lan/metrics', labels: { job: 'node', instance: 'pi.lan' } },
      { url: 'https://[::1]:9100/metrics', labels: { job: 'node', instance: '[::1]:9100' } },
    ]);
  });

  it('may be whole addresses, and have labels of their own', async () => {
    const target = 'https://pve.lan:9221/pve?target=pve1&x=1';
    expect(
      await planned({
        targets: [{ target, labels: { room: 'cellar', empty: '' } }],
        params: { x: ['2', '3'] },
      }),
    ).toEqual([
      {
        url: 'https://pve.lan:9221/pve?x=2&x=3&target=pve1&x=1',
        labels: { job: 'prometheus', instance: 'pve.lan:9221', room: 'cellar' },
      },
    ]);
  });

  it('are rewritten by rules, as for an exporter that asks others', async () => {
    expect(
      await planned({
        targets: ['https://a.example', 'https://b.example/x'],
        job: 'blackbox',
        metrics_path: '/probe',
        params: { module: 'http_2xx' },
        relabel: [
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: 'blackbox.lan:9115' },
        ],
      }),
    ).toEqual([
      {
        url: 'http://blackbox.lan:9115/probe?module=http_2xx&target=https%3A%2F%2Fa.example',
        labels: { job: 'blackbox', instance: 'https://a.example' },
      },
      {
        url: 'http://blackbox.lan:9115/probe?module=http_2xx&target=https%3A%2F%2Fb.example%2Fx',
        labels: { job: 'blackbox', instance: 'https://b.example/x' },
      },
    ]);
  });

  it('are left out by rules, and when they come twice', async () => {
    const relabel = [{ action: 'drop', source_labels: ['__address__'], regex: 'old\\..*' }];
    expect(await planned({ targets: ['a:1', 'old.lan:1', 'a:1'], relabel })).toMatchObject([
      { url: 'http://a:1/metrics' },
    ]);
  });
});

describe('targets that cannot be scraped', () => {
  const address = 'this target is no address, or has credentials in it';
  it.each<[object, (string | number)[], string]>([
    [{ targets: ['a:1', 'a#b'] }, ['targets', 1], address],
    [{ targets: ['a/metrics'] }, ['targets', 0], address],
    [{ targets: ['ftp://a/x'] }, ['targets', 0], address],
    [{ targets: ['http://me:secret@a/x'] }, ['targets', 0], address],
    [{ targets: ['a:99999'] }, ['targets', 0], address],
    [
      { targets: ['a:1', 'b:1'], relabel: [{ target_label: 'instance', replacement: 'x' }] },
      ['targets', 1],
      'another target has the same labels',
    ],
    [
      { targets: ['a:1'], relabel: [{ action: 'drop', source_labels: [] }] },
      ['relabel'],
      'the rules drop every target',
    ],
    [
      { targets: [{ target: 'a', labels: { 'x-y': '' } }] },
      ['targets', 0, 'labels', 'x-y'],
      "'x-y' is no name of a label",
    ],
    [{ targets: ['a'], headers: { 'a b': 'c' } }, ['headers', 'a b'], "'a b' is no name of a header"],
    [
      { targets: ['a'], headers: { a: 'b\nc' } },
      ['headers', 'a'],
      'the value has characters that no header may have',
    ],
    [
      { targets: ['a'], metric_relabel: [{ regex: '(', action: 'drop' }] },
      ['metric_relabel', 0, 'regex'],
      expect.stringContaining("'(' is not a regular expression") as string,
    ],
  ])('%j', (given, path, message) => {
    expect(faults(given)).toEqual([{ path, message }]);
  });
});

describe('sizes', () => {
  it.each([
    ['7B', 7],
    ['2KB', 2_048],
    ['10MB', 10_485_760],
    ['1GB', 1_073_741_824],
  ])('%s are %i bytes', (text, bytes) => {
    expect(sizeBytes(text)).toBe(bytes);
  });
});
