import type { Actor, Role } from '@labkeeper/core';
import type { Audit } from '@labkeeper/engine';
import type { KeyInfo, Keys } from './key-store.js';

/** Whoever may write into the data folder, by way of `labkeeper keys`. */
const AT_THE_CONSOLE: Actor = { kind: 'system', id: 'console', name: 'labkeeper keys', role: 'admin' };

/** The same keys, with a row in the audit log for every change. */
export function auditedKeys(keys: Keys, audit: Pick<Audit, 'record'>, actor: Actor = AT_THE_CONSOLE): Keys {
  return {
    verify: (key) => keys.verify(key),
    actorOf: (id) => keys.actorOf(id),
    list: () => keys.list(),
    add: async (name: string, role: Role): Promise<{ key: string; info: KeyInfo }> => {
      const added = await keys.add(name, role);
      await audit.record({
        actor,
        action: 'key.add',
        target: added.info.id,
        details: { name, role },
        outcome: 'done',
      });
      return added;
    },
    revoke: async (id) => {
      const revoked = await keys.revoke(id);
      await audit.record({ actor, action: 'key.revoke', target: id, outcome: revoked ? 'done' : 'refused' });
      return revoked;
    },
  };
}
