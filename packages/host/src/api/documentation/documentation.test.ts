import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage } from '../../../fixtures/api-stage.js';
import { hoistSchemas } from './hoist-schemas.js';

interface Operation {
  readonly summary?: string;
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { description: string }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

const readDocument = () => stage.read<Document>('/api/openapi.json', { as: 'nobody' });

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = await readDocument();
    expect(document.openapi).toBe('3.1.0');
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  });

  it('has every route of the API and no page', async () => {
    const { paths } = await readDocument();
    expect(Object.keys(paths).sort()).toEqual([
      '/api/openapi.json',
      '/api/v1/alerts',
      '/api/v1/alerts/{alert_id}',
      '/api/v1/alerts/{alert_id}/acknowledge',
      '/api/v1/alerts/{alert_id}/resolve',
      '/api/v1/alerts/{alert_id}/silence',
      '/api/v1/alerts/{alert_id}/why',
      '/api/v1/audit',
      '/api/v1/checks',
      '/api/v1/checks/{check_id}',
      '/api/v1/checks/{check_id}/history',
      '/api/v1/checks/{check_id}/pause',
      '/api/v1/checks/{check_id}/resume',
      '/api/v1/checks/{check_id}/run',
      '/api/v1/config/thresholds',
      '/api/v1/entities',
      '/api/v1/entities/{entity_id}',
      '/api/v1/events',
      '/api/v1/maintenance',
      '/api/v1/maintenance/{name}',
      '/api/v1/metrics/summary',
      '/api/v1/metrics/{server_id}',
      '/api/v1/metrics/{server_id}/latest',
      '/api/v1/servers',
      '/api/v1/servers/{server_id}',
      '/api/v1/session',
      '/api/v1/silences',
      '/api/v1/silences/{silence_id}',
      '/api/v1/system/health',
      '/api/v1/system/stats',
      '/health',
      '/metrics',
      '/prometheus/api/v1/alerts',
      '/prometheus/api/v1/format_query',
      '/prometheus/api/v1/label/{name}/values',
      '/prometheus/api/v1/labels',
      '/prometheus/api/v1/metadata',
      '/prometheus/api/v1/parse_query',
      '/prometheus/api/v1/query',
      '/prometheus/api/v1/query_range',
      '/prometheus/api/v1/rules',
      '/prometheus/api/v1/series',
      '/prometheus/api/v1/status/buildinfo',
      '/prometheus/api/v1/status/runtimeinfo',
      '/prometheus/api/v1/write',
    ]);
  });

  it('says of every route what it does, who may call it and how it may be refused', async () => {
    const { paths } = await readDocument();
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { summary, security, responses }] of Object.entries(operations)) {
        const name = `${method} ${path}`;
        expect([name, summary?.length ?? 0]).not.toEqual([name, 0]);
        expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['429', '500'])]);
        if (security.length > 0)
          expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['401', '403'])]);
      }
    }
  });

  it('has each named schema once, and refers to it', async () => {
    const document = await readDocument();
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining([
        'Alert',
        'Check',
        'Entity',
        'Error',
        'Metrics',
        'MetricsHistory',
        'Server',
        'ServerPage',
        'SystemStats',
      ]),
    );
    expect(JSON.stringify(document.paths)).toContain('"$ref":"#/components/schemas/ServerPage"');
    expect(JSON.stringify(document)).not.toContain('"title":"Server"');
  });
});

describe('the pages of the documentation', () => {
  it('come with everything they need', async () => {
    const page = await stage.call('GET', '/api/docs', { as: 'nobody' });
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => String(file));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const url = new URL(file, 'http://host/api/docs/');
      expect(url.host).toBe('host');
      expect([file, (await stage.call('GET', url.pathname, { as: 'nobody' })).statusCode]).toEqual([
        file,
        200,
      ]);
    }
  });

  it('let nothing in from elsewhere', async () => {
    const { headers } = await stage.call('GET', '/api/docs', { as: 'nobody' });
    expect(String(headers['content-security-policy'])).toContain("default-src 'self'");
    expect(String(headers['content-security-policy'])).not.toContain('http');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('show the same document', async () => {
    const shown = await stage.read('/api/docs/json', { as: 'nobody' });
    expect(shown).toEqual(await readDocument());
  });
});

describe('hoisting named schemas', () => {
  it('keeps what may be null beside the reference', () => {
    const thing = {
      title: 'Thing',
      type: ['object', 'null'],
      properties: { a: { type: 'string' } },
      description: 'One.',
    };
    expect(hoistSchemas({ paths: { x: thing } })).toEqual({
      paths: {
        x: { anyOf: [{ $ref: '#/components/schemas/Thing' }, { type: 'null' }], description: 'One.' },
      },
      components: { schemas: { Thing: { type: 'object', properties: { a: { type: 'string' } } } } },
    });
  });

  it('takes a title of something else for what it is', () => {
    expect(hoistSchemas({ info: { title: 'Labkeeper', version: '1' } })).toMatchObject({
      info: { title: 'Labkeeper', version: '1' },
    });
  });
});
