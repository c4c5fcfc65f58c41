import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { optionsObject, secretOption, Type } from '../contract/options.js';
import { Secret } from '../contract/secret.js';
import { resolveOptions } from './resolve-options.js';

const schema = optionsObject({
  url: Type.String({ description: 'Where.' }),
  tries: Type.Integer({ description: 'How often.', default: 2 }),
  token: Type.Optional(secretOption({ description: 'Who.' })),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), secretOption({ description: 'Value.' })])),
  ),
  users: Type.Optional(
    Type.Array(optionsObject({ name: Type.String(), password: secretOption({ description: 'Word.' }) })),
  ),
});

describe('resolveOptions', () => {
  it('fills in defaults and leaves its input alone', () => {
    const input = Object.freeze({ url: 'http://nas' });
    expect(resolveOptions(schema, input)).toEqual({ url: 'http://nas', tries: 2 });
    expect(input).toEqual({ url: 'http://nas' });
  });

  it('wraps every secret, however deep, and names each to the redactor', () => {
    const protectedTexts: string[] = [];
    const options = resolveOptions(
      schema,
      {
        url: 'u',
        token: 'aaa',
        headers: { authorization: 'bbb' },
        users: [{ name: 'root', password: 'ccc' }],
      },
      (text) => protectedTexts.push(text),
    );
    expect(options.token).toBeInstanceOf(Secret);
    expect(options.token?.reveal()).toBe('aaa');
    expect(options.users?.[0]?.password.reveal()).toBe('ccc');
    expect(protectedTexts).toEqual(['aaa', 'bbb', 'ccc']);
    expect(inspect(options, { depth: 9 }) + JSON.stringify(options) + String(options.token)).not.toMatch(
      /aaa|bbb|ccc/,
    );
  });

  it('freezes everything', () => {
    const options = resolveOptions(schema, { url: 'u', users: [{ name: 'root', password: 'ccc' }] });
    expect(() => Object.assign(options, { url: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(options.users?.[0] ?? {}, { name: 'other' })).toThrow(TypeError);
  });
});
