import { Type } from '@labkeeper/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { uncompress } from 'snappyjs';
import { measuring } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { PrometheusFailure } from './answer.js';
import { assertSpoken } from './remote-write/assert-spoken.js';
import { decodeWriteRequest } from './remote-write/decode-write-request.js';
import { SeriesBook, writeBatch } from './remote-write/write-batch.js';
import { prometheusSchema } from './route-schema.js';

/** Largest body, compressed and not. A sender's usual request is 2,000 samples and some 100 kB. */
const MOST_BYTES = 16 * 1_048_576;
const MOST_UNPACKED_BYTES = 64 * 1_048_576;
/** Requests that are worked on at once. Each holds its samples in memory until they are stored; a sender that hears 429 sends again. */
const MOST_AT_ONCE = 32;
/** Series that are remembered of senders: a large house. */
const KNOWN_SERIES = 100_000;

/**
 * Remote write 1.0: 204 when everything is in the store, or was there already; 400 when some of it can never be kept (the rest is);
 * 415 for another message or encoding; 429 and 503 when it cannot be taken now and the sender should try again.
 */
export async function writeRoutes(scope: ApiApp, context: ApiContext): Promise<void> {
  const { engine } = context;
  let atOnce = 0;
  const book = new SeriesBook((name, labels) => engine.ingest.series(name, labels), KNOWN_SERIES);
  await scope.register(async (app) => {
    app.removeAllContentTypeParsers();
    acceptProtobuf(app as unknown as FastifyInstance);
    app.post(
      '/write',
      {
        config: { ...measuring('operator'), rateLimit: false },
        schema: {
          ...prometheusSchema('Remote write 1.0: samples of a Prometheus'),
          response: { 204: Type.Null({ description: 'Everything is in the store.' }) },
        },
        // Before the body is read: what cannot be used need not be received.
        onRequest: async ({ headers }) => assertSpoken(headers),
      },
      async (request, reply) => {
        if (atOnce >= MOST_AT_ONCE) {
          void reply.header('retry-after', 1);
          throw new PrometheusFailure(
            'too_many',
            `more than ${MOST_AT_ONCE} requests at once; send it again`,
          );
        }
        atOnce += 1;
        try {
          await keep(request, { context, book });
        } finally {
          atOnce -= 1;
        }
        return reply.code(204).send();
      },
    );
  });
}

/** Writes what a request holds. Throws bad_data, naming what of it cannot be kept, when the rest is in the store. */
async function keep(
  request: FastifyRequest,
  { context, book }: { readonly context: ApiContext; readonly book: SeriesBook },
): Promise<void> {
  const { engine, clock } = context;
  const { series, histograms } = readRequest(request);
  const { faults, refused, ...batch } = writeBatch(series, book.of, clock.now());
  const { tooOld, conflicting } = batch.series.length === 0 ? NOTHING : await engine.ingest.write(batch);
  const problems = [
    ...faults,
    ...(refused > 0 ? [`${refused} samples are not valid`] : []),
    ...(tooOld > 0 ? [`${tooOld} samples are too old`] : []),
    ...(conflicting > 0 ? [`${conflicting} samples have another value for a time that is known`] : []),
    ...(histograms > 0 ? [`${histograms} native histograms: they are not kept here`] : []),
  ];
  if (problems.length > 0) throw new PrometheusFailure('bad_data', problems.join('; '));
}

const NOTHING = { kept: 0, conflicting: 0, tooOld: 0 };

function readRequest(request: FastifyRequest): ReturnType<typeof decodeWriteRequest> {
  try {
    return decodeWriteRequest(uncompress(request.body as Uint8Array, MOST_UNPACKED_BYTES));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be unpacked';
    throw new PrometheusFailure('bad_data', `the body is no snappy-compressed write request: ${reason}`);
  }
}

function acceptProtobuf(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'application/x-protobuf',
    { parseAs: 'buffer', bodyLimit: MOST_BYTES },
    (_, body, done) => done(null, body),
  );
}
