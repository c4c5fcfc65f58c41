import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

const nas = {
  server_id: 'omv-nas',
  display_name: 'NAS',
  hostname: 'nas.lan',
  ip_address: '192.168.1.10',
  mac_address: 'aa:bb:cc:dd:ee:ff',
  tdp_watts: 65,
  location: 'cellar',
  expected_services: [{ name: 'plex', critical: false }, { name: 'smbd' }],
  tags: ['omv'],
};

const found = {
  id: 'server:pi' as const,
  displayName: 'Pi',
  attributes: {
    hostname: 'pi.lan',
    ip_address: '192.168.1.20',
    mac_address: null,
    os_distribution: 'Debian GNU/Linux',
    os_version: '12',
    kernel: '6.1.0',
    architecture: 'aarch64',
  },
};

const register = (json: unknown = nas) => stage.call('POST', '/api/v1/servers', { as: 'operator', json });

describe('registering a server', () => {
  it.each([
    ['ip_address', '999.0.0.1'],
    ['mac_address', 'zz'],
    ['tags', ['a', 'a']],
    ['server_id', 'summary'],
  ])('refuses a %s of %j', async (field, value) => {
    const response = await register({ ...nas, [field]: value });
    expect([response.statusCode, faultOf(response).code]).toEqual([422, 'VALIDATION_ERROR']);
  });

  it('takes an address of version 6, and in a change the empty one as it was read', async () => {
    expect((await register({ ...nas, ip_address: 'fd00::7' })).statusCode).toBe(201);
    const changed = await stage.call('PUT', '/api/v1/servers/omv-nas', {
      as: 'operator',
      json: { ip_address: '' },
    });
    expect(bodyOf(changed)).toMatchObject({ ip_address: '' });
  });

  it('answers with the server and where it is', async () => {
    const response = await register();
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe('/api/v1/servers/omv-nas');
    expect(bodyOf(response)).toEqual({
      ...nas,
      entity_id: 'server:omv-nas',
      expected_services: [
        { name: 'plex', critical: false },
        { name: 'smbd', critical: true },
      ],
      os_distribution: null,
      os_version: null,
      kernel: null,
      architecture: null,
      registered_at: '2026-01-01T00:00:00.000Z',
      last_seen: null,
      status: 'unknown',
      checks: { up: 0, degraded: 0, down: 0, unknown: 0 },
      open_alerts: 0,
      latest: null,
    });
  });

  it('fills in what may be left out', async () => {
    const { server_id, display_name, hostname, ip_address } = nas;
    const response = await register({ server_id, display_name, hostname, ip_address });
    expect(bodyOf(response)).toMatchObject({
      tdp_watts: 50,
      mac_address: null,
      location: null,
      tags: [],
      expected_services: [],
    });
  });

  it('is refused for a server that is there already, registered or found', async () => {
    await register();
    await stage.engine.entities.observe(found);
    for (const json of [nas, { ...nas, server_id: 'pi' }]) {
      const response = await register(json);
      expect([response.statusCode, faultOf(response)]).toMatchObject([
        409,
        { code: 'CONFLICT', field: 'server_id' },
      ]);
    }
  });

  it('tells all faults at once, and changes nothing', async () => {
    const response = await register({
      server_id: 'Not A Slug',
      display_name: '',
      ip_address: 5,
      tdp_watts: '65',
      colour: 'red',
    });
    expect(response.statusCode).toBe(422);
    const { code, message } = faultOf(response);
    expect(code).toBe('VALIDATION_ERROR');
    for (const name of ['server_id', 'display_name', 'hostname', 'ip_address', 'tdp_watts', 'colour'])
      expect(message).toContain(name);
    expect(await stage.read('/api/v1/servers')).toMatchObject({ total: 0 });
  });

  it('survives a restart', async () => {
    await register();
    stage = await stage.restart();
    expect(await stage.read('/api/v1/servers/omv-nas')).toMatchObject({ location: 'cellar', tdp_watts: 65 });
  });
});

describe('a server that a collector reports', () => {
  beforeEach(() => stage.engine.entities.observe(found));

  it('appears by itself', async () => {
    const { items, total } = await stage.read<{ items: unknown[]; total: number }>('/api/v1/servers', {
      as: 'viewer',
    });
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({
      server_id: 'pi',
      display_name: 'Pi',
      hostname: 'pi.lan',
      ip_address: '192.168.1.20',
      mac_address: null,
      os_distribution: 'Debian GNU/Linux',
      os_version: '12',
      kernel: '6.1.0',
      architecture: 'aarch64',
      status: 'online',
      last_seen: '2026-01-01T00:00:00.000Z',
    });
  });

  it('is offline when it was not seen for three minutes', async () => {
    await stage.clock.advance(180_000);
    expect(await stage.read('/api/v1/servers/pi')).toMatchObject({ status: 'online' });
    await stage.clock.advance(1);
    expect(await stage.read('/api/v1/servers/pi')).toMatchObject({ status: 'offline' });
  });

  it('keeps what a person says of it over what was found, until the person takes it back', async () => {
    const change = (json: unknown) => stage.call('PUT', '/api/v1/servers/pi', { as: 'operator', json });
    expect(
      (await change({ display_name: 'Pi-hole', ip_address: '10.0.0.5', tdp_watts: 5 })).json(),
    ).toMatchObject({
      display_name: 'Pi-hole',
      ip_address: '10.0.0.5',
      tdp_watts: 5,
      hostname: 'pi.lan',
    });
    expect((await change({ location: 'attic' })).json()).toMatchObject({
      display_name: 'Pi-hole',
      location: 'attic',
    });
    expect((await change({ ip_address: null, location: null })).json()).toMatchObject({
      ip_address: '192.168.1.20',
      location: null,
    });
  });

  it('comes back after it was removed while it is still reported', async () => {
    const removed = await stage.call('DELETE', '/api/v1/servers/pi');
    expect([removed.statusCode, removed.body]).toEqual([204, '']);
    expect((await stage.call('GET', '/api/v1/servers/pi')).statusCode).toBe(404);
    await stage.engine.entities.observe(found);
    expect((await stage.call('GET', '/api/v1/servers/pi')).statusCode).toBe(200);
  });
});

describe('changing a server', () => {
  it('is refused for one that does not exist, and for another id', async () => {
    expect((await stage.call('PUT', '/api/v1/servers/none', { json: {} })).statusCode).toBe(404);
    await register();
    const response = await stage.call('PUT', '/api/v1/servers/omv-nas', { json: { server_id: 'other' } });
    expect([response.statusCode, faultOf(response).field]).toEqual([409, 'server_id']);
    expect(
      (await stage.call('PUT', '/api/v1/servers/omv-nas', { json: { server_id: 'omv-nas' } })).statusCode,
    ).toBe(200);
  });

  it('knows no other fields', async () => {
    await register();
    const response = await stage.call('PUT', '/api/v1/servers/omv-nas', { json: { locaton: 'attic' } });
    expect(response.statusCode).toBe(422);
    expect(faultOf(response).message).toContain("did you mean 'location'?");
  });
});

describe('the list of servers', () => {
  it('comes in pages that survive changes', async () => {
    for (const server_id of ['a', 'b', 'c', 'd']) await register({ ...nas, server_id });
    const ids = (page: { items: { server_id: string }[] }) => page.items.map((item) => item.server_id);
    const first = await stage.read<{ items: { server_id: string }[]; next_cursor: string }>(
      '/api/v1/servers?limit=2',
    );
    expect(ids(first)).toEqual(['a', 'b']);
    await stage.call('DELETE', '/api/v1/servers/b');
    const second = await stage.read<typeof first>(`/api/v1/servers?limit=2&cursor=${first.next_cursor}`);
    expect([ids(second), second.next_cursor]).toEqual([['c', 'd'], null]);
    const elsewhere = await stage.call('GET', `/api/v1/checks?cursor=${first.next_cursor}`);
    expect([elsewhere.statusCode, faultOf(elsewhere).code]).toEqual([400, 'BAD_REQUEST']);
  });

  it('refuses a cursor that it has not given', async () => {
    const response = await stage.call('GET', '/api/v1/servers?cursor=rubbish');
    expect([response.statusCode, faultOf(response)]).toMatchObject([
      400,
      { code: 'BAD_REQUEST', field: 'cursor' },
    ]);
  });

  it.each(['0', '1001', 'many', '1.5'])('refuses a limit of %s', async (limit) => {
    const response = await stage.call('GET', `/api/v1/servers?limit=${limit}`);
    expect([response.statusCode, faultOf(response)]).toMatchObject([
      422,
      { code: 'VALIDATION_ERROR', field: 'limit' },
    ]);
  });
});
