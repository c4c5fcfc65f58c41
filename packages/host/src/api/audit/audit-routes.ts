import { optionsObject, ROLES, Type } from '@labkeeper/core';
import type { AuditRow } from '@labkeeper/engine';
import { readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { choice, isoTime, pageOf, pageQuery, shape, time } from '../schemas/shape.js';

const auditShape = shape('AuditRow', {
  number: Type.Integer({ description: 'Counts up by one; a missing number is a missing row.' }),
  at: time(),
  actor: shape('AuditActor', {
    kind: choice(['key', 'user', 'agent', 'chat', 'system']),
    id: Type.String(),
    name: Type.String(),
    role: choice([...ROLES, 'agent']),
  }),
  action: Type.String({ examples: ['alert.acknowledge'] }),
  target: Type.String(),
  outcome: choice(['done', 'refused']),
  details: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  hash: Type.String({ description: 'Covers this row and, through `previous_hash`, all rows before it.' }),
  previous_hash: Type.String(),
});

const auditPage = pageOf('AuditPage', auditShape);

/** `/api/v1/audit`: who changed what. */
export function auditRoutes(app: ApiApp, { engine }: ApiContext): void {
  app.get(
    '/api/v1/audit',
    {
      config: readable('admin'),
      schema: {
        summary: 'Who changed what, the newest first',
        tags: ['audit'],
        querystring: optionsObject(pageQuery),
        response: { 200: auditPage },
      },
    },
    async ({ query }) => {
      const { items, total, nextCursor } = await engine.audit.list(query);
      return { items: items.map(auditView), total, next_cursor: nextCursor ?? null };
    },
  );
}

function auditView({ number, atMs, actor, action, target, outcome, details, hash, previousHash }: AuditRow) {
  const { kind, id, name, role } = actor;
  return {
    number,
    at: isoTime(atMs),
    actor: { kind, id, name, role },
    action,
    target,
    outcome,
    details: { ...details },
    hash,
    previous_hash: previousHash,
  };
}
