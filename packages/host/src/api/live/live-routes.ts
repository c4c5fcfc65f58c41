import type { ServerResponse } from 'node:http';
import { LabkeeperError, optionsObject, Type } from '@labkeeper/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf, readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { TOPICS, type Topic } from './delta.js';
import type { LiveSink } from './live-client.js';

const liveQuery = optionsObject({
  topics: Type.Optional(
    Type.String({
      maxLength: 200,
      description: `What to hear of, joined by commas: ${TOPICS.join(', ')}. Default: all.`,
      examples: ['checks,stats'],
    }),
  ),
});

const DESCRIPTION = `Server-sent events. \`check\`, \`alert\` and \`server\` carry the object as its own route shows it; \`stats\` the
counts of /api/v1/system/stats; \`removed\` {kind, id}; \`reset\` says that changes were missed and everything has to be loaded
anew. One object is told of at most once a second. A client that comes back with Last-Event-ID gets what it missed.`;

/** `/api/v1/events`: changes as they happen. `watch` is called when somebody begins to listen. */
export function liveRoutes(app: ApiApp, context: ApiContext, watch: () => void): void {
  app.get(
    '/api/v1/events',
    {
      config: readable('viewer'),
      exposeHeadRoute: false,
      schema: {
        summary: 'Changes as they happen',
        description: DESCRIPTION,
        tags: ['events'],
        produces: ['text/event-stream'],
        querystring: liveQuery,
        response: {
          200: Type.String({ description: 'The stream; it does not end.' }),
        },
      },
    },
    (request, reply) => {
      const topics = readTopics(request.query.topics);
      const lastEventId = request.headers['last-event-id'];
      const leave = context.hub.subscribe({
        sink: sinkOf(reply),
        isAllowed: isAllowed(context, request),
        ...(topics ? { topics } : {}),
        ...(typeof lastEventId === 'string' ? { lastEventId } : {}),
      });
      reply.raw.once('close', leave);
      watch();
    },
  );
}

/** Takes the response over from the framework at the first write, so that a refusal is still answered in the usual form. */
function sinkOf(reply: FastifyReply): LiveSink {
  const { raw } = reply;
  let isOpen = false;
  const open = () => {
    if (isOpen) return;
    isOpen = true;
    reply.hijack();
    // The stream's own pings watch over it; the server's limit for silent connections is for others.
    raw.socket?.setTimeout(0);
    raw.socket?.setNoDelay(true);
    raw.writeHead(200, { ...passedHeaders(reply), ...STREAM_HEADERS });
  };
  return {
    write: (text) => {
      open();
      return writeTo(raw, text);
    },
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
    onDrain: (listener) => void raw.on('drain', listener),
  };
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
};

function passedHeaders(reply: FastifyReply): Record<string, number | string | string[]> {
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  return Object.fromEntries(headers) as Record<string, number | string | string[]>;
}

function writeTo(raw: ServerResponse, text: string): boolean {
  return raw.destroyed || raw.writableEnded || raw.write(text);
}

/** Whether the one who opened the stream would still be let in. */
function isAllowed({ keys, sessions }: ApiContext, request: FastifyRequest): () => Promise<boolean> {
  const { id } = actorOf(request);
  const { sessionHash } = request;
  return async () => {
    const actor = await keys.actorOf(id);
    return actor !== undefined && (sessionHash === null || (await sessions.isOpen(sessionHash)));
  };
}

function readTopics(text: string | undefined): ReadonlySet<Topic> | undefined {
  if (text === undefined) return undefined;
  const topics = text.split(',');
  const unknown = topics.find((topic) => !(TOPICS as readonly string[]).includes(topic));
  if (unknown === undefined) return new Set(topics as Topic[]);
  throw new LabkeeperError('BAD_REQUEST', `'${unknown}' is not a topic; there are ${TOPICS.join(', ')}.`, {
    field: 'topics',
  });
}
