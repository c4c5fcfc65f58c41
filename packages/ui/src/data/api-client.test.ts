import { describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.js';

function clientFor(answer: () => Response | Promise<Response>, key?: string) {
  const requests: { url: string; init: RequestInit }[] = [];
  const fetchFunction = (url: unknown, init?: RequestInit) => {
    requests.push({ url: String(url), init: init ?? {} });
    return Promise.resolve().then(answer);
  };
  return { requests, client: new ApiClient({ url: 'https://host', key }, fetchFunction as typeof fetch) };
}

describe('the API client', () => {
  it('sends a key in a header and then no cookie', async () => {
    const { client, requests } = clientFor(() => Response.json({}), 'k-1');
    await client.get('/api/v1/checks', { q: 'web site', status: '', cursor: undefined });
    expect(requests[0]?.url).toBe('https://host/api/v1/checks?q=web+site');
    expect(requests[0]?.init).toMatchObject({ headers: { 'x-api-key': 'k-1' }, credentials: 'omit' });
  });

  it('marks changes, so that a foreign page cannot make them with the cookie', async () => {
    const { client, requests } = clientFor(() => new Response(null, { status: 204 }));
    expect(await client.send('DELETE', '/api/v1/session')).toBeUndefined();
    expect(requests[0]?.init).toMatchObject({
      headers: { 'x-labkeeper-request': '1' },
      credentials: 'same-origin',
    });
  });

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'notFound'],
    [500, 'other'],
  ])('status %i is the fault %s, with the words of the host', async (status, fault) => {
    const { client } = clientFor(() =>
      Response.json({ detail: { code: 'X', message: 'no such check' } }, { status }),
    );
    await expect(client.get('/x')).rejects.toMatchObject({ fault, message: 'no such check' });
  });

  it('copes with a proxy that answers with a page, and with no answer at all', async () => {
    const proxy = clientFor(() => new Response('<html>', { status: 502 }));
    await expect(proxy.client.get('/x')).rejects.toMatchObject({ fault: 'other', message: 'status 502' });
    const away = clientFor(() => {
      throw new TypeError('fetch failed');
    });
    await expect(away.client.get('/x')).rejects.toMatchObject({ fault: 'unreachable' });
  });
});
