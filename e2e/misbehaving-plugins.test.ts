import { cpSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type RunningHost, startHost, temporaryFolder } from './running-host.js';

const PLUGIN = fileURLToPath(
  new URL('../packages/host/src/plugins/isolation/testcases/misbehaving.js', import.meta.url),
);
const WAYS = ['throws', 'hangs', 'eats-memory', 'never-ends', 'exits'] as const;

interface Check {
  readonly status: string;
  readonly message: string;
  readonly beats: string;
}

describe('a plugin that throws, hangs, eats memory, never ends or exits', () => {
  const arrivals: number[] = [];
  const server = createServer((_, response) => {
    arrivals.push(performance.now());
    response.end('fine');
  });
  let host: RunningHost;

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const dataDir = temporaryFolder();
    cpSync(PLUGIN, join(dataDir, 'misbehaving.js'));
    const bad = WAYS.map(
      (way) => `  - { misbehaving-${way}: {}, name: ${way}, every: 2s, timeout: 1s }\n`,
    ).join('');
    const yaml = `plugins: [{ package: ./misbehaving.js, memory: 32MB }]
collect: []
check:
${bad}  - { http: { url: 'http://127.0.0.1:${port}/' }, name: good, every: 1s }
`;
    host = await startHost({ yaml, dataDir });
  });
  afterAll(async () => {
    await host.end();
    server.close();
  });

  it('delays no run of another plugin, and is unknown or down itself', async () => {
    const begin = performance.now();
    await eventually(() => performance.now() - begin > 12_000, 'twelve seconds of misbehaviour');
    const seen = arrivals.filter((atMs) => atMs >= begin);
    const gapsMs = seen.slice(1).map((atMs, index) => atMs - (seen[index] ?? atMs));
    expect(seen.length).toBeGreaterThanOrEqual(11);
    // A second apart, each; half a second is the noise of two busy cores, and a hanging thread would show as three.
    expect(Math.max(...gapsMs)).toBeLessThan(1_500);
    const good = await host.api<Check>('/api/v1/checks/good');
    expect(good).toMatchObject({ status: 'up' });
    expect(good.beats).toMatch(/^u+$/);
    for (const way of WAYS) {
      const { beats, message } = await host.api<Check>(`/api/v1/checks/${way}`);
      expect(beats, `${way}: ${message}`).toMatch(/^[nd]+$/);
    }
    expect(host.output()).toContain('The thread of a plugin was ended');
  });
});
