import { SYSTEM_ACTOR } from '@labkeeper/core';
import { ManualClock, memoryStorage } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { unreliableStorage } from '../testing/faulty-storage.js';
import { Audit, type AuditRow } from './audit.js';

const entry = (target: string) =>
  ({
    actor: SYSTEM_ACTOR,
    action: 'alert.resolve',
    target,
    outcome: 'done',
    details: { b: 1, a: [1, { y: 2, x: 1 }] },
  }) as const;

async function auditWith(count: number) {
  const { records } = memoryStorage();
  const audit = new Audit(records, new ManualClock());
  await Promise.all(Array.from({ length: count }, (_, index) => audit.record(entry(`alert-${index}`))));
  return {
    records,
    audit,
    rows: records.collection<AuditRow>({ name: 'audit', indexes: { atMs: 'number' } }),
  };
}

describe('the audit log', () => {
  it('keeps who did what, newest first, in one chain also for simultaneous callers', async () => {
    const { audit } = await auditWith(30);
    expect(await audit.verify()).toEqual({ rows: 30 });
    const { items, total } = await audit.list({ limit: 2 });
    expect(total).toBe(30);
    expect(items).toMatchObject([{ number: 30, target: 'alert-29', actor: SYSTEM_ACTOR }, { number: 29 }]);
    expect(items[0]?.previousHash).toBe(items[1]?.hash);
  });

  it('goes on with its chain after a restart', async () => {
    const { records } = await auditWith(3);
    const next = new Audit(records, new ManualClock());
    await next.record(entry('x'));
    expect(await next.verify()).toEqual({ rows: 4 });
  });

  it.each<[string, (rows: Awaited<ReturnType<typeof auditWith>>['rows']) => Promise<unknown>, number]>([
    [
      'changed',
      async (rows) =>
        rows.put('000000000002', { ...(await rows.get('000000000002'))!.value, target: 'other' }),
      2,
    ],
    ['taken out', (rows) => rows.delete('000000000002'), 2],
    [
      'put in',
      async (rows) => rows.put('000000000006', { ...(await rows.get('000000000005'))!.value, number: 6 }),
      6,
    ],
  ])('shows that a row was %s', async (_, tamper, brokenAt) => {
    const { audit, rows } = await auditWith(5);
    await tamper(rows);
    expect(await audit.verify()).toMatchObject({ brokenAt });
  });

  it('is not broken by a write that failed', async () => {
    const { storage, control } = unreliableStorage();
    const audit = new Audit(storage.records, new ManualClock());
    await audit.record(entry('a'));
    control.isAway = true;
    await expect(audit.record(entry('b'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    control.isAway = false;
    await audit.record(entry('c'));
    expect(await audit.verify()).toEqual({ rows: 2 });
  });
});
