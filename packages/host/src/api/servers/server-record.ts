import type { CollectionDeclaration, Entity } from '@labkeeper/core';
import { isoTime, isoTimeOrNull } from '../schemas/shape.js';
import type { ServerChange, ServerInput, ServerView } from './server-shape.js';

export const SERVERS: CollectionDeclaration = { name: 'servers' };

/** S2's default, when nobody has measured. */
const DEFAULT_TDP_WATTS = 50;

/** S2's `server_offline_seconds`: a server that was not seen for so long is offline. */
const OFFLINE_AFTER_MS = 180_000;

/** What a person has said of a server. Null or absent: nothing, and what a collector has found counts. */
export interface ServerRecord {
  readonly displayName: string | null;
  readonly hostname: string | null;
  readonly ipAddress: string | null;
  readonly macAddress: string | null;
  readonly tdpWatts: number | null;
  readonly location: string | null;
  readonly tags: readonly string[];
  readonly expectedServices: readonly { readonly name: string; readonly critical: boolean }[];
  /** When a person registered it. Absent for a server that appeared by itself. */
  readonly registeredAtMs?: number;
}

/** A server as it is known: by a person, by a collector, or by both. */
export interface KnownServer {
  readonly serverId: string;
  readonly record: ServerRecord | undefined;
  readonly entity: Entity | undefined;
}

const EMPTY_RECORD: ServerRecord = {
  displayName: null,
  hostname: null,
  ipAddress: null,
  macAddress: null,
  tdpWatts: null,
  location: null,
  tags: [],
  expectedServices: [],
};

/** The record of a new server. */
export function registered(input: ServerInput, nowMs: number): ServerRecord {
  return { ...changed(undefined, input), registeredAtMs: nowMs };
}

/** A record after a change: what the change does not name stays. */
export function changed(record: ServerRecord = EMPTY_RECORD, change: ServerChange): ServerRecord {
  return {
    ...record,
    displayName: given(change.display_name, record.displayName),
    hostname: given(change.hostname, record.hostname),
    // Empty is how an unknown address was read.
    ipAddress: given(change.ip_address === '' ? null : change.ip_address, record.ipAddress),
    macAddress: given(change.mac_address, record.macAddress),
    tdpWatts: given(change.tdp_watts, record.tdpWatts),
    location: given(change.location, record.location),
    tags: change.tags ?? record.tags,
    expectedServices:
      change.expected_services?.map(({ name, critical = true }) => ({ name, critical })) ??
      record.expectedServices,
  };
}

function given<Value>(value: Value | undefined, otherwise: Value): Value {
  return value === undefined ? otherwise : value;
}

/** The fields of the registry: what a person said wins over what a collector found. */
export type RegistryFields = Omit<ServerView, 'checks' | 'open_alerts' | 'latest'>;

export function registryFields(
  { serverId, record = EMPTY_RECORD, entity }: KnownServer,
  nowMs: number,
): RegistryFields {
  const found = (name: string): string | null => {
    const value = entity?.attributes[name];
    return value === undefined || value === null || value === '' ? null : String(value);
  };
  const seenMs = lastSeenMs(entity);
  return {
    server_id: serverId,
    entity_id: `server:${serverId}`,
    display_name: record.displayName ?? entity?.displayName ?? serverId,
    hostname: record.hostname ?? found('hostname') ?? serverId,
    ip_address: record.ipAddress ?? found('ip_address') ?? '',
    mac_address: record.macAddress ?? found('mac_address'),
    tdp_watts: record.tdpWatts ?? DEFAULT_TDP_WATTS,
    location: record.location,
    os_distribution: found('os_distribution'),
    os_version: found('os_version'),
    kernel: found('kernel'),
    architecture: found('architecture'),
    registered_at: isoTime(record.registeredAtMs ?? entity?.firstSeenMs ?? nowMs),
    last_seen: isoTimeOrNull(seenMs),
    status: statusOf(entity, nowMs),
    tags: [...record.tags],
    expected_services: record.expectedServices.map((service) => ({ ...service })),
  };
}

export function statusOf(entity: Entity | undefined, nowMs: number): ServerView['status'] {
  const seenMs = lastSeenMs(entity);
  if (seenMs === undefined) return 'unknown';
  return nowMs - seenMs <= OFFLINE_AFTER_MS ? 'online' : 'offline';
}

/** Undefined for what is only spoken of and was never seen. */
function lastSeenMs(entity: Entity | undefined): number | undefined {
  return entity && entity.lastSeenMs > 0 ? entity.lastSeenMs : undefined;
}
