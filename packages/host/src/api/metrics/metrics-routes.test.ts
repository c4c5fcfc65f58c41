import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, faultOf } from '../../../fixtures/api-stage.js';

const GB = 1_024 ** 3;
let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

/** What a machine reports at this moment, stored and told as ingest does. */
async function measure(instance: string, figures: Readonly<Record<string, number>>): Promise<void> {
  const batch = {
    series: Object.keys(figures).map((key) => {
      const [name = '', ...labels] = key.split(' ');
      return {
        name,
        labels: {
          instance,
          job: 'node',
          ...Object.fromEntries(labels.map((label) => label.split('=') as [string, string])),
        },
      };
    }),
    timesMs: Object.keys(figures).map(() => stage.clock.now()),
    values: Object.values(figures),
  };
  await stage.storage.samples.append(batch);
  stage.engine.events.emit('samples.appended', {
    count: batch.values.length,
    entities: [`server:${instance}`],
    batch,
  });
}

/** A machine for a minute: half busy, a quarter of its memory in use, 1 kB a second. */
async function minute(instance: string): Promise<void> {
  await stage.engine.entities.observe({ id: `server:${instance}` });
  for (let turn = 0; turn <= 6; turn++) {
    await measure(instance, {
      'node_cpu_seconds_total cpu=0 mode=idle': turn * 5,
      node_memory_MemTotal_bytes: 8 * GB,
      node_memory_MemAvailable_bytes: 6 * GB,
      'node_filesystem_size_bytes mountpoint=/ device=/dev/sda1 fstype=ext4': 100 * GB,
      'node_filesystem_free_bytes mountpoint=/ device=/dev/sda1 fstype=ext4': 60 * GB,
      'node_filesystem_avail_bytes mountpoint=/ device=/dev/sda1 fstype=ext4': 60 * GB,
      'node_network_receive_bytes_total device=eth0': turn * 10_240,
      'node_network_transmit_bytes_total device=eth0': turn * 5_120,
      node_load1: 0.5,
      node_load5: 0.4,
      node_load15: 0.3,
      node_boot_time_seconds: Date.UTC(2025, 11, 31) / 1_000,
    });
    if (turn < 6) await stage.clock.advance(10_000);
  }
}

const latest = {
  timestamp: '2026-01-01T00:01:00.000Z',
  cpu_percent: 50,
  memory_percent: 25,
  memory_used_gb: 2,
  memory_total_gb: 8,
  disk_percent: 40,
  disk_used_gb: 40,
  disk_total_gb: 100,
  network_rx_bytes: 61_440,
  network_tx_bytes: 30_720,
  network_rx_bytes_per_second: 1_024,
  network_tx_bytes_per_second: 512,
  load_1m: 0.5,
  load_5m: 0.4,
  load_15m: 0.3,
  uptime_seconds: 86_460,
  boot_time: '2025-12-31T00:00:00.000Z',
  disks: [
    { mountpoint: '/', device: '/dev/sda1', filesystem: 'ext4', percent: 40, used_gb: 40, total_gb: 100 },
  ],
};

describe('the latest figures', () => {
  it('stand in the list of servers and alone', async () => {
    await minute('nas');
    expect(await stage.read('/api/v1/servers')).toMatchObject({ items: [{ server_id: 'nas', latest }] });
    expect(await stage.read('/api/v1/metrics/nas/latest', { as: 'viewer' })).toEqual({
      server_id: 'nas',
      timestamp: latest.timestamp,
      metrics: latest,
    });
  });

  it('are null when nothing was measured in the last two minutes', async () => {
    await minute('nas');
    await stage.clock.advance(120_001);
    expect(await stage.read('/api/v1/metrics/nas/latest')).toEqual({
      server_id: 'nas',
      timestamp: null,
      metrics: null,
    });
  });

  it('are there right after a restart', async () => {
    await minute('nas');
    stage = await stage.restart();
    await stage.clock.advance(0);
    expect(await stage.read('/api/v1/servers/nas')).toMatchObject({ latest });
  });

  it('of a server that nobody knows are not found', async () => {
    expect((await stage.call('GET', '/api/v1/metrics/none/latest')).statusCode).toBe(404);
  });
});

describe('figures over time', () => {
  it('are columns of equal length', async () => {
    await minute('nas');
    expect(await stage.read('/api/v1/metrics/nas?from=-90s&step=30')).toEqual({
      server_id: 'nas',
      from: '2025-12-31T23:59:30.000Z',
      to: '2026-01-01T00:01:30.000Z',
      step_seconds: 30,
      timestamps: [0, 30, 60, 90].map((seconds) => Date.UTC(2025, 11, 31, 23, 59, 30) / 1_000 + seconds),
      series: {
        cpu_percent: [null, 50, 50, null],
        memory_percent: [null, 25, 25, 25],
        disk_percent: [null, 40, 40, 40],
        load_1m: [null, 0.5, 0.5, 0.5],
        network_rx_bytes_per_second: [null, 1_024, 1_024, null],
        network_tx_bytes_per_second: [null, 512, 512, null],
      },
      disks: { '/': [null, 40, 40, 40] },
    });
  });

  it('have about 300 points of the last day when nothing is asked for', async () => {
    await minute('nas');
    const { timestamps, step_seconds } = await stage.read<{ timestamps: number[]; step_seconds: number }>(
      '/api/v1/metrics/nas',
    );
    expect([timestamps.length, step_seconds]).toEqual([289, 300]);
  });

  it.each([
    ['from=-6y', 400, 'from'],
    ['from=-1d&step=1', 400, 'step'],
    ['from=tomorrow', 400, 'from'],
    ['step=0', 422, 'step'],
    ['step=fast', 422, 'step'],
  ])('refuse %s', async (query, status, field) => {
    await minute('nas');
    const response = await stage.call('GET', `/api/v1/metrics/nas?${query}`);
    expect([response.statusCode, faultOf(response).field]).toEqual([status, field]);
  });
});

describe('the summary', () => {
  it('is of all servers together', async () => {
    await minute('nas');
    await stage.engine.entities.observe({ id: 'server:silent' });
    await stage.clock.advance(1_000);
    expect(await stage.read('/api/v1/metrics/summary')).toEqual({
      servers: 2,
      online: 2,
      offline: 0,
      unknown: 0,
      cpu_percent: 50,
      memory_percent: 25,
      disk_percent: 40,
      network_rx_bytes_per_second: 1_024,
      network_tx_bytes_per_second: 512,
    });
  });

  it('knows nothing of a house without servers', async () => {
    expect(await stage.read('/api/v1/metrics/summary')).toEqual({
      servers: 0,
      online: 0,
      offline: 0,
      unknown: 0,
      cpu_percent: null,
      memory_percent: null,
      disk_percent: null,
      network_rx_bytes_per_second: null,
      network_tx_bytes_per_second: null,
    });
  });
});
