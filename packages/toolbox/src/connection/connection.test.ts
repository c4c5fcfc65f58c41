import { Secret } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { connectionFaults } from './connection-faults.js';
import { connectionHeaders } from './connection-headers.js';
import { type ConnectionOptions, tlsOf } from './connection-options.js';

const NOTHING: ConnectionOptions = { headers: {}, secret_headers: {}, tls: { trust: 'verify' } };

const shown = (options: Partial<ConnectionOptions>) =>
  Object.entries(connectionHeaders({ ...NOTHING, ...options })).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : `secret ${value.reveal()}`,
  ]);

describe('the headers of a connection', () => {
  it('are those of the options, secret ones as secrets, whatever the case of their names', () => {
    expect(
      shown({ headers: { 'X-One': 'a', Twice: 'b' }, secret_headers: { twice: new Secret('c') } }),
    ).toEqual([
      ['x-one', 'a'],
      ['twice', 'secret c'],
    ]);
  });

  it('hold the credentials, as a secret, and nothing of the options can stand in their place', () => {
    const basic = { username: 'me', password: new Secret('pass') };
    expect(shown({ headers: { Authorization: 'mine' }, bearer_token: new Secret('t') })).toEqual([
      ['authorization', 'secret Bearer t'],
    ]);
    expect(shown({ basic_auth: basic })).toEqual([['authorization', 'secret Basic bWU6cGFzcw==']]);
  });
});

describe('the trust of a connection', () => {
  it('is what the options say, and nothing that they leave out', () => {
    expect(tlsOf(NOTHING)).toEqual({ trust: 'verify' });
    expect(tlsOf({ tls: { trust: 'insecure', ca: 'pem', fingerprint: 'aa', server_name: 'nas' } })).toEqual({
      ...{ trust: 'insecure', ca: 'pem', fingerprint: 'aa', serverName: 'nas' },
    });
  });
});

describe('faults of a connection', () => {
  const messages = (options: Partial<ConnectionOptions>, reserved?: Record<string, string>) =>
    connectionFaults({ ...NOTHING, ...options }, reserved).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );

  it('are all told at once, and none quotes a secret', () => {
    const found = messages({
      headers: { 'a b': 'x', c: 'one\ntwo' },
      secret_headers: { d: new Secret('hidden\nvalue') },
      basic_auth: { username: 'me', password: new Secret('p') },
      bearer_token: new Secret('t'),
    });
    expect(found).toEqual([
      "headers.a b: 'a b' is no name of a header",
      'headers.c: the value has characters that no header may have',
      'secret_headers.d: the value has characters that no header may have',
      'bearer_token: only one of basic_auth and bearer_token can be sent',
    ]);
    expect(found.join()).not.toContain('hidden');
  });

  it('are headers that the plugin sets itself', () => {
    expect(messages({ headers: { 'Content-Type': 'x' } }, { 'content-type': 'content_type: …' })).toEqual([
      'headers.Content-Type: the header Content-Type is set by the plugin',
    ]);
  });

  it('are none where all is right', () => {
    expect(messages({ headers: { accept: 'a' }, bearer_token: new Secret('t') })).toEqual([]);
  });
});
