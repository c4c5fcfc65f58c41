import { describe, expect, it } from 'vitest';
import { guessListen, parseListen } from './parse-listen.js';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:8466', { host: '127.0.0.1', port: 8466 }],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['[::1]:8466', { host: '::1', port: 8466 }],
    ['nas.local:80', { host: 'nas.local', port: 80 }],
  ])('%s is understood', (text, expected) => {
    expect(parseListen(text)).toEqual(expected);
  });

  it.each([
    '8466',
    ':8466',
    'localhost',
    'localhost:',
    '127.0.0.1:65536',
    '::1:8466',
    'http://localhost:8466',
  ])('%s is refused', (text) => {
    expect(() => parseListen(text)).toThrow(expect.objectContaining({ code: 'LISTEN_INVALID' }));
  });
});

describe('the address that a file most likely names', () => {
  it.each([
    ['listen: 0.0.0.0:80\n', '0.0.0.0:80'],
    ["check: []\nlisten: '[::1]:80' # here\n", '[::1]:80'],
    ['check:\n  - http: {}\n', '127.0.0.1:8466'],
    ['', '127.0.0.1:8466'],
  ])('of %j is %s', (yaml, listen) => {
    expect(guessListen(yaml)).toBe(listen);
  });

  it.each([
    "listen: '${LISTEN}'",
    'listen: nonsense',
    '{ listen: 0.0.0.0:80 }',
    '"listen": 0.0.0.0:80',
    'listen:\n  0.0.0.0:80',
  ])('of %j is not guessed', (yaml) => {
    expect(guessListen(yaml)).toBeUndefined();
  });
});
