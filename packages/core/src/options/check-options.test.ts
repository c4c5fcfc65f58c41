import { describe, expect, it } from 'vitest';
import { durationOption, optionsObject, secretOption, Type } from '../contract/options.js';
import { checkOptions } from './check-options.js';

const schema = optionsObject({
  url: Type.String({ description: 'Where.', minLength: 1 }),
  token: Type.Optional(secretOption({ description: 'Who.' })),
  timeout: durationOption({ description: 'How long.', default: '10s' }),
  tries: Type.Integer({ description: 'How often.', minimum: 1, maximum: 9, default: 2 }),
  ip: Type.Union([Type.Literal('any'), Type.Literal('4'), Type.Literal('6')], {
    description: 'Which.',
    default: 'any',
  }),
  expect: Type.Optional(
    optionsObject({
      status: Type.Array(Type.Union([Type.Integer(), Type.String({ pattern: '^[1-5]xx$' })])),
    }),
  ),
  body: Type.Optional(
    Type.Union([Type.String(), optionsObject({ json: Type.Unknown(), form: Type.Optional(Type.String()) })]),
  ),
});

describe('checkOptions', () => {
  it('finds nothing wrong with good options, defaults left out', () => {
    expect(checkOptions(schema, { url: 'http://nas' })).toEqual([]);
  });

  it('tells every fault of one value at once', () => {
    const faults = checkOptions(schema, {
      ulr: 'x',
      tries: 0,
      ip: '5',
      timeout: 'soon',
      expect: { status: [true], sttus: 1 },
    });
    expect(faults.map(({ code, path }) => `${code} ${path.join('.')}`).sort()).toEqual([
      'CONFIG_MISSING_KEY ',
      'CONFIG_UNKNOWN_KEY expect.sttus',
      'CONFIG_UNKNOWN_KEY ulr',
      'CONFIG_WRONG_TYPE expect.status.0',
      'CONFIG_WRONG_VALUE ip',
      'CONFIG_WRONG_VALUE timeout',
      'CONFIG_WRONG_VALUE tries',
    ]);
  });

  it('names the key that was probably meant', () => {
    expect(checkOptions(schema, { url: 'x', tires: 3 })).toMatchObject([
      { code: 'CONFIG_UNKNOWN_KEY', nearest: 'tries' },
    ]);
  });

  it('says what was found and what is allowed', () => {
    expect(checkOptions(schema, { url: 'x', tries: 12 })).toMatchObject([
      {
        found: '12',
        allowed: 'a whole number from 1 to 9',
        message: 'found 12, allowed is a whole number from 1 to 9',
      },
    ]);
    expect(checkOptions(schema, { url: 'x', timeout: 'soon' })).toMatchObject([
      { found: "'soon'", allowed: 'a duration such as 10s, 5m or 1h30m' },
    ]);
    expect(checkOptions(schema, { url: 'x', ip: '5' })).toMatchObject([
      { allowed: "one of 'any', '4', '6'" },
    ]);
  });

  it('never shows the value of a secret', () => {
    const faults = checkOptions(schema, { url: 'x', token: 31337 });
    expect(faults).toHaveLength(1);
    expect(JSON.stringify(faults)).not.toContain('31337');
  });

  it('explains a choice by the branch of the same structure', () => {
    expect(
      checkOptions(schema, { url: 'x', body: { jso: 1 } }).map(({ code, path }) => [code, ...path]),
    ).toEqual([
      ['CONFIG_MISSING_KEY', 'body'],
      ['CONFIG_UNKNOWN_KEY', 'body', 'jso'],
    ]);
    expect(checkOptions(schema, { url: 'x', body: 7 })).toMatchObject([
      { code: 'CONFIG_WRONG_TYPE', path: ['body'] },
    ]);
  });

  it('tells of more faults than the schema library lists by default', () => {
    const status = Array.from({ length: 40 }, () => false);
    expect(checkOptions(schema, { url: 'x', expect: { status } })).toHaveLength(40);
  });

  it('does not change its input', () => {
    const input = Object.freeze({ url: 'x', expect: Object.freeze({ status: Object.freeze([200]) }) });
    expect(checkOptions(schema, input)).toEqual([]);
    expect(input).toEqual({ url: 'x', expect: { status: [200] } });
  });

  it('refuses what is no mapping at all', () => {
    expect(checkOptions(schema, 'http://nas')).toMatchObject([{ code: 'CONFIG_WRONG_TYPE', path: [] }]);
    expect(checkOptions(schema, null)).toMatchObject([{ code: 'CONFIG_WRONG_TYPE', path: [] }]);
  });
});
