import { DropFailure, RetryFailure } from '@labkeeper/core';
import {
  type Answer,
  createLab,
  type HttpServer,
  type HttpServerSetup,
  ManualClock,
  MISBEHAVIOURS,
  type Misbehaviour,
  sampleNotification,
  startHttpServer,
  startInstance,
  startMisbehavingServer,
  TEST_CA,
} from '@labkeeper/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { webhookNotifier } from './webhook-notifier.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function receiver(answer?: Answer, setup?: HttpServerSetup): Promise<HttpServer> {
  const server = await startHttpServer(answer, setup);
  cleanups.push(() => server.close());
  return server;
}

/** What the notifier throws when whoever answers behaves so. */
async function failureOn(options: Record<string, unknown>, clock?: ManualClock): Promise<unknown> {
  const instance = await startInstance(webhookNotifier, options, createLab(clock ? { clock } : {}));
  try {
    await webhookNotifier.notify(sampleNotification(), instance.run() as never);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await instance.stop();
  }
}

const says =
  (status: number, headers: Record<string, string> = {}, body = 'because'): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

describe('what a receiver answers', () => {
  it.each([200, 201, 202, 204])('%i is an acceptance', async (status) => {
    const server = await receiver(says(status));
    expect(await failureOn({ url: server.url })).toBeUndefined();
  });

  it.each<[number, typeof DropFailure | typeof RetryFailure]>([
    [400, DropFailure],
    [401, DropFailure],
    [404, DropFailure],
    [408, RetryFailure],
    [410, DropFailure],
    [413, DropFailure],
    [422, DropFailure],
    [425, RetryFailure],
    [500, RetryFailure],
    [502, RetryFailure],
    [504, RetryFailure],
  ])('%i decides between dropping and trying again', async (status, failure) => {
    const server = await receiver(says(status));
    const error = await failureOn({ url: server.url });
    expect(error).toBeInstanceOf(failure);
    expect(error).toMatchObject({
      code: 'REQUEST_REFUSED',
      message: `the receiver refused the message: ${status} because`,
    });
  });

  it('429 and 503 say how long to wait', async () => {
    const slow = await receiver(says(429, { 'retry-after': '7' }));
    expect(await failureOn({ url: slow.url })).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 7_000 });
    const down = await receiver(says(503, { 'retry-after': '120' }));
    expect(await failureOn({ url: down.url })).toMatchObject({
      name: 'RetryFailure',
      code: 'REQUEST_REFUSED',
      retryAfterMs: 120_000,
    });
  });

  it.each([301, 302, 303, 307, 308])('%i is not followed, and the message is kept', async (status) => {
    const elsewhere = await receiver();
    const server = await receiver(says(status, { location: elsewhere.url }));
    const error = await failureOn({ url: server.url, bearer_token: 'token-1' });
    expect(error).toMatchObject({ name: 'RetryFailure', code: 'REQUEST_REFUSED' });
    expect(String(error)).toContain('redirect');
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('a receiver with TLS', () => {
  it('is trusted by an authority of its own', async () => {
    const server = await receiver(undefined, { certificate: 'trusted' });
    expect(await failureOn({ url: server.url })).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(await failureOn({ url: server.url, tls: { ca: TEST_CA } })).toBeUndefined();
  });

  it('is trusted blindly only when the file says so', async () => {
    const server = await receiver(undefined, { certificate: 'self-signed' });
    expect(await failureOn({ url: server.url })).toMatchObject({ name: 'RetryFailure' });
    expect(await failureOn({ url: server.url, tls: { trust: 'insecure' } })).toBeUndefined();
  });

  it('may be asked for another name', async () => {
    const server = await receiver(undefined, { certificate: 'wrong-name' });
    const tls = { ca: TEST_CA, server_name: 'elsewhere.example' };
    expect(await failureOn({ url: server.url, tls: { ca: TEST_CA } })).toBeInstanceOf(RetryFailure);
    expect(await failureOn({ url: server.url, tls })).toBeUndefined();
  });
});

describe('the webhook notifier against servers that misbehave', () => {
  const ENDLESS: readonly Misbehaviour[] = ['silent', 'hang', 'trickle', 'slow-headers', 'tls-hang'];
  /** Says 200 first. */
  const ANSWERED: readonly Misbehaviour[] = ['huge-body', 'half-json'];

  it.each(MISBEHAVIOURS.filter((fault) => !ENDLESS.includes(fault) && !ANSWERED.includes(fault)))(
    'asks for a retry, without showing the address, when a server plays %s',
    async (fault) => {
      const server = await startMisbehavingServer(fault);
      cleanups.push(() => server.close());
      const error = await failureOn({ url: `${server.url}/hooks/T0KEN` });
      expect(error).toBeInstanceOf(RetryFailure);
      expect(String(error)).not.toContain('T0KEN');
    },
  );

  it.each(ENDLESS)('asks for a retry when the time is up with a server that plays %s', async (fault) => {
    const clock = new ManualClock();
    const server = await startMisbehavingServer(fault, clock);
    cleanups.push(() => server.close());
    const error = failureOn({ url: `${server.url}/hooks/T0KEN` }, clock);
    await server.asked;
    await clock.advance(10_000);
    expect(await error).toMatchObject({ name: 'RetryFailure', code: 'RESPONSE_TIMEOUT' });
  });

  it('takes a 200 for an acceptance, whatever stands in the body', async () => {
    const server = await startMisbehavingServer('half-json');
    cleanups.push(() => server.close());
    expect(await failureOn({ url: server.url })).toBeUndefined();
  });

  it('drops a message to something that answers without an end', async () => {
    const server = await startMisbehavingServer('huge-body');
    cleanups.push(() => server.close());
    expect(await failureOn({ url: server.url })).toMatchObject({
      name: 'DropFailure',
      code: 'RESPONSE_TOO_LARGE',
    });
  });
});
