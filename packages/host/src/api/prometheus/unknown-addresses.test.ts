import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage } from '../../../fixtures/api-stage.js';
import { PROMETHEUS_ROOT as ROOT } from './route-schema.js';

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

describe('an address or a method that is not there', () => {
  it.each([
    ['GET', 'targets', 404, 'not_found', undefined],
    ['GET', '', 404, 'not_found', undefined],
    ['POST', 'admin/tsdb/snapshot', 404, 'not_found', undefined],
    ['PUT', 'query', 405, 'bad_data', 'GET, HEAD, POST'],
    ['OPTIONS', 'label/host/values', 405, 'bad_data', 'GET, HEAD'],
    ['GET', 'write', 405, 'bad_data', 'POST'],
  ] as const)(
    'is refused as Prometheus refuses it: %s %s',
    async (method, path, status, errorType, allow) => {
      for (const accept of ['*/*', 'text/html']) {
        const response = await stage.api.server.inject({
          method,
          url: `${ROOT}/${path}`,
          headers: { accept },
        });
        expect([response.statusCode, response.headers.allow, response.json()]).toEqual([
          status,
          allow,
          { status: 'error', errorType, error: expect.any(String) as unknown },
        ]);
      }
    },
  );
});
