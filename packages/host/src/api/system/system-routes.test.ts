import type { Storage } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';
import { readExposition } from '../../../fixtures/read-exposition.js';
import type { HostPhase } from '../api-parts.js';

let stage: ApiStage;
afterEach(() => stage.close());

const ailing = (health: Storage['health']): Storage => ({ ...memoryStorage(), health });

describe('/health', () => {
  it('is ok, without a key', async () => {
    stage = await apiStage();
    const response = await stage.call('GET', '/health', { as: 'nobody' });
    expect([response.statusCode, bodyOf(response)]).toEqual([200, { status: 'ok' }]);
  });

  it.each<[HostPhase, string]>([
    ['starting', 'starting'],
    ['stopping', 'starting'],
  ])('is not ok while the host is %s', async (phase, status) => {
    stage = await apiStage({ phase: () => phase });
    const response = await stage.call('GET', '/health', { as: 'nobody' });
    expect([response.statusCode, bodyOf(response)]).toEqual([503, { status }]);
  });

  it('is a problem when the storage has one, and says nothing more', async () => {
    stage = await apiStage({
      storage: ailing(() => Promise.resolve({ problem: 'the disk /dev/sda1 is full' })),
    });
    const response = await stage.call('GET', '/health', { as: 'nobody' });
    expect([response.statusCode, bodyOf(response)]).toEqual([503, { status: 'problem' }]);
  });
});

describe('a host that is starting', () => {
  it('asks callers of the API to come back, and shows its page', async () => {
    stage = await apiStage({ phase: () => 'starting' });
    for (const url of ['/api/v1/servers', '/api/v1/session', '/metrics']) {
      const response = await stage.call('GET', url);
      expect([response.statusCode, response.headers['retry-after'], faultOf(response).code]).toEqual([
        503,
        '2',
        'SERVICE_UNAVAILABLE',
      ]);
    }
    expect(
      (await stage.call('GET', '/', { as: 'nobody', headers: { accept: 'text/html' } })).statusCode,
    ).toBe(200);
  });
});

describe('the health of the system', () => {
  it('says what is wrong with the host and its storage', async () => {
    stage = await apiStage({
      storage: ailing(() => Promise.reject(new Error('the database went away'))),
      problems: () => ['The configuration file has 2 faults.'],
    });
    await stage.clock.advance(90_500);
    expect(await stage.read('/api/v1/system/health', { as: 'viewer' })).toEqual({
      status: 'problem',
      version: '1.2.3',
      started_at: '2026-01-01T00:00:00.000Z',
      uptime_seconds: 90,
      storage: 'the database went away',
      problems: ['The configuration file has 2 faults.'],
    });
  });
});

describe('the figures of the system', () => {
  it('count what there is', async () => {
    stage = await apiStage();
    await stage.engine.entities.observe({ id: 'server:nas' });
    const series = { name: 'node_load1', labels: { instance: 'nas' } };
    const timeMs = stage.clock.now();
    await stage.storage.samples.append({
      series: [series, series],
      timesMs: [timeMs - 1_000, timeMs],
      values: [1, 2],
    });
    expect(await stage.read('/api/v1/system/stats')).toMatchObject({
      servers: { total: 1, online: 1, offline: 0, unknown: 0 },
      checks: { total: 0, up: 0, degraded: 0, down: 0, unknown: 0, paused: 0 },
      alerts: { open: 0, acknowledged: 0, critical: 0, high: 0, medium: 0, low: 0 },
      samples: {
        series: 1,
        samples: 2,
        oldest: '2025-12-31T23:59:59.000Z',
        newest: '2026-01-01T00:00:00.000Z',
      },
      outbox: { pending: 0, dead: 0 },
      scheduler: { running: 0, queued: 0 },
      process: {
        rss_bytes: expect.any(Number) as unknown,
        cpu_seconds: expect.any(Number) as unknown,
        uptime_seconds: 0,
      },
    });
  });

  it('ask the store how much it holds once in ten seconds, whoever asks', async () => {
    const storage = memoryStorage();
    let asked = 0;
    const stats = () => {
      asked += 1;
      return storage.samples.stats();
    };
    const samples = { ...storage.samples, stats };
    stage = await apiStage({ storage: { ...storage, samples } });
    for (let count = 0; count < 5; count++) await stage.read('/api/v1/system/stats');
    expect(asked).toBe(1);
    await stage.clock.advance(10_000);
    await stage.read('/api/v1/system/stats');
    expect(asked).toBe(2);
  });
});

describe('/metrics', () => {
  it('is text that Prometheus reads, with the figures of the engine and of the process', async () => {
    stage = await apiStage({
      metrics: () => [
        {
          name: 'labkeeper_host_thing',
          help: 'A thing.',
          type: 'gauge',
          samples: [{ labels: { a: 'b' }, value: 7 }],
        },
      ],
    });
    const response = await stage.call('GET', '/metrics', { as: 'viewer' });
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = new Map(readExposition(response.body).map((family) => [family.name, family]));
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(families.get(name)?.samples).toHaveLength(1);
    }
    expect(families.get('labkeeper_build_info')?.samples).toEqual([
      { name: 'labkeeper_build_info', labels: { version: '1.2.3' }, value: 1 },
    ]);
    expect(families.get('labkeeper_host_thing')?.samples[0]?.value).toBe(7);
    const own = stage.engine.metrics().filter(({ samples }) => samples.length > 0);
    expect(own.length).toBeGreaterThan(5);
    for (const { name } of own) expect([...families.keys()]).toContain(name);
  });

  it('takes the key as a bearer token, which is what Prometheus sends', async () => {
    stage = await apiStage();
    const scrape = (key: string) =>
      stage.call('GET', '/metrics', { as: 'nobody', headers: { authorization: `Bearer ${key}` } });
    expect((await scrape(stage.keyOf.viewer)).statusCode).toBe(200);
    expect((await scrape('wrong')).statusCode).toBe(401);
  });

  it('shows no secret, wherever it came from', async () => {
    stage = await apiStage({
      metrics: () => [
        {
          name: 'x',
          help: 'X.',
          type: 'gauge',
          samples: [{ labels: { url: 'http://h/?token=s3cr3t-token' }, value: 1 }],
        },
      ],
    });
    stage.redactor.protect('s3cr3t-token');
    expect((await stage.call('GET', '/metrics')).body).toContain('x{url="http://h/?token=[secret]"} 1');
  });
});
