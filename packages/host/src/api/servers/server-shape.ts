import { type Static, Type } from '@labkeeper/core';
import { metricsShape } from '../metrics/metrics-shape.js';
import { choice, nullable, pageOf, shape, time } from '../schemas/shape.js';

/** Ids of servers: what fits into a URL, a file name and an `instance` label without quoting. */
/** `/api/v1/metrics/summary` is about all servers. */
const SERVER_ID_PATTERN = '^(?!summary$)[a-z0-9][a-z0-9._-]*$';

const text = (description: string, maxLength = 200) => Type.String({ minLength: 1, maxLength, description });

const expectedService = shape('ExpectedService', {
  name: text('Name of the systemd unit or container.'),
  critical: Type.Boolean({ description: 'Whether people are told when it is down.' }),
});

const expectedServiceInput = shape('ExpectedServiceInput', {
  name: text('Name of the systemd unit or container.'),
  critical: Type.Optional(
    Type.Boolean({ default: true, description: 'Whether people are told when it is down.' }),
  ),
});

export const serverShape = shape('Server', {
  server_id: Type.String(),
  entity_id: Type.String({ description: 'The same server among the entities: `server:` and its id.' }),
  display_name: Type.String(),
  hostname: Type.String(),
  ip_address: Type.String({ description: 'Empty while it is not known.' }),
  mac_address: nullable(Type.String()),
  tdp_watts: Type.Integer({ description: 'Typical power draw.' }),
  location: nullable(Type.String()),
  os_distribution: nullable(Type.String()),
  os_version: nullable(Type.String()),
  kernel: nullable(Type.String()),
  architecture: nullable(Type.String()),
  registered_at: time('First seen, or registered by a person.'),
  last_seen: nullable(time()),
  status: choice(['online', 'offline', 'unknown'], {
    description: '`online`: seen within the last 3 minutes. `unknown`: never seen.',
  }),
  tags: Type.Array(Type.String()),
  expected_services: Type.Array(expectedService),
  checks: shape('CheckCounts', {
    up: Type.Integer(),
    degraded: Type.Integer(),
    down: Type.Integer(),
    unknown: Type.Integer(),
  }),
  open_alerts: Type.Integer({
    description: 'Alerts of this server that are not resolved and not acknowledged.',
  }),
  latest: nullable(metricsShape),
});

export type ServerView = Static<typeof serverShape>;

export const serverPage = pageOf('ServerPage', serverShape);

/** Any address that a system call would take; a name belongs into `hostname`. */
const IP_ADDRESS = [Type.String({ format: 'ipv4' }), Type.String({ format: 'ipv6' })] as const;
const ipAddress = { description: 'Address in the network.' };
const macAddress = Type.String({
  pattern: '^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$',
  description: 'For recognising the device and waking it up.',
  examples: ['02:fc:00:00:00:01'],
});

const inputFields = {
  mac_address: nullable(macAddress),
  tdp_watts: Type.Integer({ minimum: 0, maximum: 100_000, default: 50, description: 'Typical power draw.' }),
  location: nullable(text('Where it stands.')),
  expected_services: Type.Array(expectedServiceInput, { maxItems: 200 }),
  tags: Type.Array(text('A word to group by.', 60), { maxItems: 50, uniqueItems: true }),
};

export const serverInput = shape('ServerRegistration', {
  server_id: Type.String({
    pattern: SERVER_ID_PATTERN,
    maxLength: 100,
    description:
      'Unique. Lower-case letters, digits and . _ -, for example omv-mediaserver. Cannot be changed.',
  }),
  display_name: text('Name for people.'),
  hostname: text('Name in the network.'),
  ip_address: Type.Union([...IP_ADDRESS], ipAddress),
  mac_address: Type.Optional(inputFields.mac_address),
  tdp_watts: Type.Optional(inputFields.tdp_watts),
  location: Type.Optional(inputFields.location),
  expected_services: Type.Optional(inputFields.expected_services),
  tags: Type.Optional(inputFields.tags),
});

export type ServerInput = Static<typeof serverInput>;

/** What is left out stays as it is. Null goes back to what a collector has found, or to nothing. */
export const serverChange = shape('ServerChange', {
  server_id: Type.Optional(
    Type.String({ description: 'May be sent back as it was read; cannot be changed.' }),
  ),
  display_name: Type.Optional(nullable(text('Name for people.'))),
  hostname: Type.Optional(nullable(text('Name in the network.'))),
  ip_address: Type.Optional(Type.Union([...IP_ADDRESS, Type.Literal(''), Type.Null()], ipAddress)),
  mac_address: Type.Optional(inputFields.mac_address),
  tdp_watts: Type.Optional(inputFields.tdp_watts),
  location: Type.Optional(inputFields.location),
  expected_services: Type.Optional(inputFields.expected_services),
  tags: Type.Optional(inputFields.tags),
});

export type ServerChange = Static<typeof serverChange>;

export const serverParams = Type.Object({
  server_id: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the server.' }),
});
