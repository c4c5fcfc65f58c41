import { describe, expect, it } from 'vitest';
import { entityOfLabels } from './entity-of-labels.js';

describe('the entity of labels', () => {
  const isKnown = (id: string) => ['server:nas', 'server:fd00::1'].includes(id);

  it.each([
    [
      'what the label `entity` says, known or not',
      { entity: 'service:plex', instance: 'nas' },
      'service:plex',
    ],
    ['the server that `instance` names', { instance: 'nas' }, 'server:nas'],
    ['the same with a port', { instance: 'nas:9100' }, 'server:nas'],
    ['the server when the label is no entity', { entity: 'something', instance: 'nas' }, 'server:nas'],
    ['an address that looks like a port', { instance: 'fd00::1' }, 'server:fd00::1'],
    ['nothing for a server that nobody knows', { instance: 'router' }, undefined],
    ['nothing without such labels', { job: 'node' }, undefined],
  ])('is %s', (_, labels, entity) => {
    expect(entityOfLabels(labels, isKnown)).toBe(entity);
  });
});
