import type { Labels } from './labels.js';

/** `kind:name`, for example `server:nas`, `vm:pve1/104`, `site:cloud.example.com`. */
export type EntityId = `${string}:${string}`;

const ENTITY_ID = /^([a-z][a-z0-9-]*):([^\s]+)$/;

/** A value that fits in JSON and in a table cell. */
export type AttributeValue = string | number | boolean | null;

/** Something watched. */
export interface Entity {
  readonly id: EntityId;
  readonly kind: string;
  readonly name: string;
  readonly displayName: string;
  /** The entity it is part of: the server of a container, the node of a VM. */
  readonly parent?: EntityId;
  /** What must be up for this to be up; a parent that is down holds back this entity's notifications. */
  readonly dependsOn: readonly EntityId[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly labels: Labels;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

/**
 * What a plugin says of an entity it saw. Merged into the stored one: named attributes and labels are set,
 * the others stay; `parent` and `dependsOn` replace when given.
 */
export interface EntityObservation {
  readonly id: EntityId;
  readonly displayName?: string;
  readonly parent?: EntityId;
  readonly dependsOn?: readonly EntityId[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly labels?: Labels;
}

/** True for `kind:name` with a lower-case kind and a name without white space. */
export function isEntityId(text: string): text is EntityId {
  return ENTITY_ID.test(text);
}

/** Splits an id at its first colon. Throws a RangeError for a text that is no id; check foreign text with {@link isEntityId} first. */
export function splitEntityId(id: EntityId): { kind: string; name: string } {
  const match = ENTITY_ID.exec(id);
  if (!match?.[1] || !match[2]) throw new RangeError(`'${id}' is not an entity id such as 'server:nas'`);
  return { kind: match[1], name: match[2] };
}
