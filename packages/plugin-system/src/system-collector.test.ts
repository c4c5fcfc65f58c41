import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  conformCollector,
  conformPlugin,
  conformRulePack,
  createLab,
  loadTestcases,
  runCollector,
  startInstance,
} from '@labkeeper/testkit';
import { describe, expect, it } from 'vitest';
import { defaultRules } from './default-rules.js';
import plugin from './index.js';
import { systemCollector } from './system-collector.js';

const emptyFolder = fileURLToPath(new URL('./testcases/a-machine-without-anything', import.meta.url));

conformPlugin(plugin);
conformRulePack(defaultRules);
conformCollector({
  collector: systemCollector,
  options: () => ({}),
  invalid: [
    { options: { prc: '/proc' }, code: 'CONFIG_UNKNOWN_KEY' },
    { options: { exclude_disks: '(' }, code: 'CONFIG_WRONG_VALUE' },
  ],
});

/** The samples as lines of text, as a scraper would see them; without those that differ from run to run. */
async function exposition(folder: string): Promise<string> {
  const options = { proc: `${folder}/proc`, sys: `${folder}/sys`, root: `${folder}/root` };
  const { samples } = await runCollector(systemCollector, options);
  const passing = /^node_(scrape_collector_duration_seconds|time_seconds|filesystem_|uname_info)/;
  return samples
    .filter(({ name }) => !passing.test(name))
    .map(({ name, labels = {}, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      return `${name}${pairs.length > 0 ? `{${pairs.join()}}` : ''} ${value}`;
    })
    .sort()
    .join('\n');
}

describe('recorded machines', () => {
  for (const testcase of loadTestcases(import.meta.url)) {
    it(testcase.name, async () => {
      await expect(`${await exposition(testcase.directory)}\n`).toMatchFileSnapshot(
        testcase.path('expected.prom'),
      );
    });
  }
});

describe('this machine', () => {
  it('has the numbers that the dashboard shows', async () => {
    const { samples, entities } = await runCollector(systemCollector, {});
    const names = new Set(samples.map(({ name }) => name));
    for (const name of [
      'node_cpu_seconds_total',
      'node_memory_MemTotal_bytes',
      'node_memory_MemAvailable_bytes',
      'node_filesystem_size_bytes',
      'node_filesystem_avail_bytes',
      'node_network_receive_bytes_total',
      'node_disk_written_bytes_total',
      'node_load1',
      'node_boot_time_seconds',
    ]) {
      expect(names, name).toContain(name);
    }
    expect(entities).toMatchObject([
      { attributes: { hostname: hostname(), kernel: expect.any(String) as string } },
    ]);
  });

  it('gives equal labels as one object at every collection, so that a store can know a series again', async () => {
    const instance = await startInstance(systemCollector, {});
    const labelsOf = async () => {
      const { samples } = await systemCollector.collect(instance.run());
      return samples.filter(({ name }) => name === 'node_cpu_seconds_total').map(({ labels }) => labels);
    };
    const [first, second] = [await labelsOf(), await labelsOf()];
    await instance.stop();
    expect(first.length).toBeGreaterThan(0);
    for (const [index, labels] of first.entries()) expect(second[index]).toBe(labels);
  });
});

describe('a part that fails', () => {
  it('is reported as failed, and the others still report', async () => {
    const lab = createLab();
    const { samples } = await runCollector(
      systemCollector,
      { proc: emptyFolder, sys: emptyFolder, root: emptyFolder },
      lab,
    );
    const success = new Map(
      samples
        .filter(({ name }) => name === 'node_scrape_collector_success')
        .map(({ labels, value }) => [labels?.collector, value]),
    );
    expect(success.get('cpu')).toBe(0);
    expect(success.get('os')).toBe(1);
    expect(samples.map(({ name }) => name)).toContain('node_time_seconds');
    expect(lab.log.lines.map(({ fields }) => fields.part)).toContain('cpu');
  });
});
