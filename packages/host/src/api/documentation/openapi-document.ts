import { createRedactor, memoryStorage, systemClock } from '@labkeeper/core/runtime';
import { createContainer, createEngine } from '@labkeeper/engine';
import { createApi } from '../create-api.js';

const silent = () => undefined;
const silentLog = { debug: silent, info: silent, warn: silent, error: silent, child: () => silentLog };
const nobody = () => Promise.resolve(undefined);

/** The OpenAPI document of this version's API, without a running host. For generating clients and documentation. */
export async function openApiDocument(version: string): Promise<object> {
  const api = await createApi({
    engine: createEngine(createContainer()),
    storage: memoryStorage(),
    keys: { verify: nobody, actorOf: nobody },
    redactor: createRedactor(),
    clock: systemClock(),
    log: silentLog,
    version,
    bootId: 'document',
  });
  try {
    return (await api.server.inject('/api/openapi.json')).json<object>();
  } finally {
    await api.close();
  }
}
