import { readFileSync } from 'node:fs';
import { Errors } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fixtureLoader } from '../../fixtures/read-config.js';
import { configSchema } from './config-schema.js';

const schema = await configSchema(fixtureLoader(), new Set());
const faultsOf = (yaml: string) =>
  Errors(schema as never, parse(yaml))[1].map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);

describe('the JSON Schema of the file', () => {
  it('says which draft it is of, and consists of plain JSON', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it.each(['minimal', 'web-sites-to-slack'])('accepts the example %s', (name) => {
    const text = readFileSync(
      new URL(`../../../../examples/${name}/labkeeper.yaml`, import.meta.url),
      'utf8',
    );
    expect(faultsOf(text)).toEqual([]);
  });

  it('accepts a kind without options, and a reference wherever a value has a form', () => {
    expect(
      faultsOf(
        "collect: [{ system: }]\ncheck: [{ http: { url: '${URL}' }, failures: '${N}', every: '${E}', severity: '${S}' }]",
      ),
    ).toEqual([]);
  });

  it.each([
    'collect: [{ sytem: {} }]',
    'check: [{ http: { url: 5 } }]',
    'check: [{ http: {} }]',
    'lissten: x',
    'storage: { sqlite: {}, postgres: {} }',
  ])('refuses %s', (yaml) => {
    expect(faultsOf(yaml)).not.toEqual([]);
  });

  it('tells of every option what it is for', () => {
    const items = (
      schema.properties as {
        check: { items: { anyOf: { properties: { http?: { properties: object } } }[] } };
      }
    ).check.items;
    const options = Object.values(
      items.anyOf.find(({ properties }) => properties.http)?.properties.http?.properties ?? {},
    );
    expect(options).toContainEqual(expect.objectContaining({ description: 'Address to ask.' }));
  });
});
