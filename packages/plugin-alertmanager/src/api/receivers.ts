import type { Alert, AlertGroup } from '@labkeeper/core';
import { compiled } from '../matchers.js';

const NOBODY: readonly string[] = [];

/** The channels that want each alert, in the order of the groups. An alert that no channel wants has none. */
export function channelsByAlert(groups: readonly AlertGroup[]): (alert: Alert) => readonly string[] {
  const channels = new Map<string, Set<string>>();
  for (const { channel, alerts } of groups)
    for (const { id } of alerts) channels.set(id, (channels.get(id) ?? new Set()).add(channel));
  const lists = new Map([...channels].map(([id, names]) => [id, [...names]]));
  return ({ id }) => lists.get(id) ?? NOBODY;
}

/**
 * Whether one of these channels is meant by the `receiver` of a query: an expression that matches the whole name (RE2). Without one all are
 * meant, and alerts that nobody wants too. Throws a fault for a broken expression.
 */
export function receiverFilter(query: URLSearchParams): (channels: readonly string[]) => boolean {
  const receiver = query.get('receiver') ?? '';
  // Clients send an empty one when nothing was asked for.
  if (receiver === '') return () => true;
  const matches = compiled([{ label: 'receiver', operator: '=~', value: receiver }]);
  return (channels) => channels.some((name) => matches({ name: '', labels: { receiver: name } }));
}
