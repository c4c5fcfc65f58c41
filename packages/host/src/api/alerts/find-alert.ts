import { type Alert, LabkeeperError } from '@labkeeper/core';
import type { Engine } from '@labkeeper/engine';

/** The alert that an address names. Rejects with NOT_FOUND. */
export async function findAlert({ alerts }: Pick<Engine, 'alerts'>, id: string): Promise<Alert> {
  const alert = await alerts.get(id);
  if (!alert) throw new LabkeeperError('NOT_FOUND', `There is no alert '${id}'.`, { field: 'alert_id' });
  return alert;
}
