import { type EntityId, isEntityId, LabkeeperError, Type } from '@labkeeper/core';

/** An entity's id in a query or path. */
export const entityIdField = Type.String({
  minLength: 1,
  maxLength: 500,
  examples: ['server:nas'],
  description: 'Id of an entity.',
});

/** Throws BAD_REQUEST for a text that is no id. Undefined stays undefined. */
export function readEntityId(text: string): EntityId;
export function readEntityId(text: string | undefined): EntityId | undefined;
export function readEntityId(text: string | undefined): EntityId | undefined {
  if (text === undefined || isEntityId(text)) return text;
  throw new LabkeeperError('BAD_REQUEST', `'${text}' is not an entity id such as server:nas.`, {
    field: 'entity_id',
  });
}
