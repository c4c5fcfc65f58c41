import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { SERVER_CERTIFICATES, SERVER_KEY } from './certificates.js';
import { type LocalServer, listenLocally } from './local-server.js';

/** A request as it came in, its body read. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A well-behaved server that remembers what it was asked. */
export interface HttpServer extends LocalServer {
  readonly requests: readonly ReceivedRequest[];
}

/** Answers one request; the body has been read already. */
export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

export interface HttpServerSetup {
  /** Speak TLS with this certificate. */
  readonly certificate?: keyof typeof SERVER_CERTIFICATES;
}

/** Starts an HTTP server that answers as the test says. Default: 200 and `ok`. */
export async function startHttpServer(
  answer: Answer = (_, response) => response.end('ok'),
  { certificate }: HttpServerSetup = {},
): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  const listener: RequestListener = (request, response) => {
    readBody(request, (body) => {
      const received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
      };
      requests.push(received);
      answer(received, response);
    });
  };
  const local =
    certificate === undefined
      ? await listenLocally(createServer(listener))
      : await listenLocally(
          createTlsServer({ key: SERVER_KEY, cert: SERVER_CERTIFICATES[certificate] }, listener),
          'https',
        );
  return { ...local, requests };
}

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => done(Buffer.concat(chunks).toString()));
}
