import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Notification } from '@labkeeper/core';
import { sampleNotification } from '@labkeeper/testkit';
import { describe, expect, it } from 'vitest';
import { alertmanagerBody } from './alertmanager-body.js';

describe('a message for receivers of Alertmanager', () => {
  const body = (changes?: Partial<Notification>) => alertmanagerBody(sampleNotification(changes));

  it('has its webhook form', () => {
    expect(body({ url: 'https://monitor.example/alerts/a3f1' })).toEqual({
      version: '4',
      groupKey: '{}:{alert_id="a3f1c2d4"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'labkeeper',
      groupLabels: { alert_id: 'a3f1c2d4' },
      commonLabels: {
        alertname: 'site:cloud.example.com',
        alert_id: 'a3f1c2d4',
        severity: 'critical',
        entity: 'site:cloud.example.com',
      },
      commonAnnotations: {
        summary: 'nextcloud is down',
        description: 'Connection refused by cloud.example.com:443 (2 of 2 tries).',
      },
      externalURL: 'https://monitor.example',
      alerts: [
        {
          status: 'firing',
          labels: {
            alertname: 'site:cloud.example.com',
            alert_id: 'a3f1c2d4',
            severity: 'critical',
            entity: 'site:cloud.example.com',
          },
          annotations: {
            summary: 'nextcloud is down',
            description: 'Connection refused by cloud.example.com:443 (2 of 2 tries).',
          },
          startsAt: '2026-01-18T14:32:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://monitor.example/alerts/a3f1',
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      ],
    });
  });

  it('is known as the same alert when it is over', () => {
    const [firing] = body().alerts;
    const over = body({ id: 'n2', kind: 'alert.resolved', title: 'nextcloud is up again' });
    const [resolved] = over.alerts;
    expect(over.status).toBe('resolved');
    expect(resolved).toMatchObject({
      status: 'resolved',
      endsAt: '2026-01-18T14:32:00.000Z',
      labels: firing?.labels,
      fingerprint: firing?.fingerprint,
    });
  });

  it('stays firing while one of several alerts does, and shows what they have alike', () => {
    const one = {
      ...{ title: 'a', text: '', severity: 'high' as const, sinceMs: 0, rule: 'HostDown' },
      ...{ labels: { alertname: 'HostDown' }, annotations: {}, fingerprint: '0123456789abcdef' },
    };
    const group = body({
      alerts: [
        { ...one, alertId: 'a1', state: 'resolved', entity: 'server:nas' },
        { ...one, alertId: 'a2', state: 'firing', entity: 'server:nas' },
      ],
    });
    expect(group.status).toBe('firing');
    expect(group.commonLabels).toEqual({ alertname: 'HostDown', entity: 'server:nas', severity: 'high' });
    expect(group.alerts.map(({ status }) => status)).toEqual(['resolved', 'firing']);
  });

  it('gives an alert with its own labels, annotations, times, address and fingerprint', () => {
    const labels = { alertname: 'DiskFull', instance: 'nas:9100', severity: 'page', team: 'storage' };
    const [alert, ...others] = body({
      kind: 'alert.resolved',
      alerts: [
        {
          ...{ alertId: 'a1', title: 'Disk of nas fills', text: 'full in 3 h', severity: 'critical' },
          ...{ state: 'resolved', sinceMs: 1_000, endsAtMs: 61_000, rule: 'DiskFull', labels },
          annotations: { runbook_url: 'https://wiki/disk' },
          ...{ fingerprint: '0123456789abcdef', url: 'https://prometheus/graph' },
        },
      ],
    }).alerts;
    expect(others).toEqual([]);
    expect(alert).toEqual({
      ...{ status: 'resolved', labels },
      annotations: {
        ...{ summary: 'Disk of nas fills', description: 'full in 3 h', alert_id: 'a1' },
        runbook_url: 'https://wiki/disk',
      },
      ...{ startsAt: '1970-01-01T00:00:01.000Z', endsAt: '1970-01-01T00:01:01.000Z' },
      ...{ generatorURL: 'https://prometheus/graph', fingerprint: '0123456789abcdef' },
    });
  });

  it('names the labels that its channel groups by', () => {
    expect(body({ groupLabels: { team: 'storage', host: 'n"as' } })).toMatchObject({
      groupLabels: { team: 'storage', host: 'n"as' },
      groupKey: '{}:{host="n\\"as", team="storage"}',
    });
  });

  it.each(['test', 'report', 'action.changed'] as const)('opens nothing when it is a %s', (kind) => {
    expect(body({ kind }).status).toBe('resolved');
  });
});

const SHARED = join(
  process.env.LABKEEPER_SHARED ?? join(import.meta.dirname, '../../../../shared'),
  'contracts/alertmanager/fixtures',
);

/** The names at every level, lists by their first item; labels and annotations are free. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  const entries = Object.entries(value).filter(([name]) => !/labels|annotations/i.test(name));
  return Object.fromEntries(entries.map(([name, part]) => [name, shapeOf(part)]));
}

describe.skipIf(!existsSync(SHARED))(
  'beside recorded messages of Alertmanager (skipped without ../shared)',
  () => {
    it.each([
      ['webhook-firing-one.json', 'alert.firing'],
      ['webhook-resolved.json', 'alert.resolved'],
    ] as const)('%s: the same names and types', (file, kind) => {
      const recorded: unknown = JSON.parse(readFileSync(join(SHARED, file), 'utf8'));
      expect(shapeOf(alertmanagerBody(sampleNotification({ kind })))).toEqual(shapeOf(recorded));
    });
  },
);
