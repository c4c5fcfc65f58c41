import { describe, expect, it } from 'vitest';
import { describeNetworkFault, joinHostPort } from './network-fault.js';
import { shownUrl } from './shown-url.js';

const PEER = { host: 'nas.lan', port: 8006, address: '10.0.0.2' };
const withCode = (code: string, message = 'raw') => Object.assign(new Error(message), { code });

describe('describeNetworkFault', () => {
  it.each([
    ['ECONNREFUSED', 'connection refused by 10.0.0.2:8006'],
    ['EHOSTUNREACH', 'no route to 10.0.0.2:8006'],
    ['ENOTFOUND', 'name not found: nas.lan'],
    ['ETIMEOUT', 'no name server could resolve nas.lan'],
    ['CERT_HAS_EXPIRED', 'certificate of 10.0.0.2:8006 has expired'],
    ['HPE_INVALID_CONSTANT', '10.0.0.2:8006 does not answer in HTTP'],
    [
      'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
      'TLS handshake with 10.0.0.2:8006 failed: tlsv1 alert access denied',
    ],
    ['ESTRANGE', 'no answer from 10.0.0.2:8006: raw'],
  ])('says what %s means', (code, sentence) => {
    expect(describeNetworkFault(withCode(code), PEER)).toBe(sentence);
  });

  it('finds the reason inside of errors that only wrap it', () => {
    const wrapped = new Error('fetch failed', { cause: withCode('ECONNRESET') });
    expect(describeNetworkFault(wrapped, PEER)).toMatch(/^connection closed/);
    const several = new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]);
    expect(describeNetworkFault(several, { host: 'nas.lan', port: 80 })).toBe(
      'connection refused by nas.lan:80',
    );
  });

  it('puts brackets around addresses of version 6', () => {
    expect(joinHostPort('::1', 80)).toBe('[::1]:80');
  });
});

describe('shownUrl', () => {
  it('hides credentials and the values of the query', () => {
    const url = new URL('https://user:pass@nas.lan:8443/api?apikey=abc&apikey=def&id=3#part');
    expect(shownUrl(url)).toBe('https://nas.lan:8443/api?apikey=…&id=…');
  });
});
