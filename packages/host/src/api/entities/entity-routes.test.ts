import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, faultOf } from '../../../fixtures/api-stage.js';

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
  await stage.engine.entities.observe({ id: 'server:pve1', displayName: 'Node 1' });
  await stage.engine.entities.observe({
    id: 'vm:pve1/104',
    parent: 'server:pve1',
    dependsOn: ['network:switch'],
    attributes: { cores: 4, running: true, note: null },
    labels: { room: 'cellar' },
  });
});
afterEach(() => stage.close());

describe('entities', () => {
  it('are listed, by kind when one is asked for', async () => {
    const ids = async (query: string) => {
      const page = await stage.read<{ items: { entity_id: string }[]; total: number }>(
        `/api/v1/entities${query}`,
        { as: 'viewer' },
      );
      return [page.items.map((item) => item.entity_id), page.total];
    };
    expect(await ids('')).toEqual([['server:pve1', 'vm:pve1/104'], 2]);
    expect(await ids('?kind=vm')).toEqual([['vm:pve1/104'], 1]);
    expect(await ids('?kind=none')).toEqual([[], 0]);
    expect(await ids('?limit=1')).toEqual([['server:pve1'], 2]);
  });

  it('are shown alone, with everything that is known', async () => {
    expect(await stage.read(`/api/v1/entities/${encodeURIComponent('vm:pve1/104')}`)).toEqual({
      entity_id: 'vm:pve1/104',
      kind: 'vm',
      name: 'pve1/104',
      display_name: 'pve1/104',
      parent: 'server:pve1',
      depends_on: ['network:switch'],
      attributes: { cores: 4, running: true, note: null },
      labels: { room: 'cellar' },
      first_seen: '2026-01-01T00:00:00.000Z',
      last_seen: '2026-01-01T00:00:00.000Z',
      status: 'unknown',
    });
  });

  it('that nobody knows are not found, and what is no id is a bad request', async () => {
    expect((await stage.call('GET', '/api/v1/entities/server:none')).statusCode).toBe(404);
    const response = await stage.call('GET', '/api/v1/entities/none');
    expect([response.statusCode, faultOf(response).field]).toEqual([400, 'entity_id']);
  });
});
