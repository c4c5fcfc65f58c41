import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** The part of a webhook's body that is looked at. */
export interface HeardBody {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly alert_id: string;
  readonly alerts: readonly { readonly alert_id: string; readonly state: string }[];
}

/** One request that arrived whole. */
export interface Heard {
  /** The last part of the path. */
  readonly channel: string;
  readonly idempotencyKey: string;
  readonly text: string;
  readonly body: HeardBody;
}

/**
 * How it answers: `ok`; `refuses` with 503 and has heard nothing; `forgets` has heard, and cuts the connection before it says so; `away` does not
 * even listen.
 */
export const MOODS = ['ok', 'refuses', 'forgets', 'away'] as const;
export type Mood = (typeof MOODS)[number];

/** A receiver of webhooks that is not always well. It keeps its port. */
export class Receiver {
  readonly heard: Heard[] = [];
  #mood: Mood = 'away';
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get mood(): Mood {
    return this.#mood;
  }

  async become(mood: Mood): Promise<void> {
    if (mood === 'away') await this.#close();
    else if (this.#mood === 'away') await this.#listen();
    this.#mood = mood;
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => {
      void bodyOf(request).then((text) => {
        if (this.#mood === 'refuses') return response.writeHead(503).end();
        this.heard.push(heardIn(request, text));
        return this.#mood === 'forgets' ? request.socket.destroy() : response.end();
      });
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(this.#port, '127.0.0.1', resolve),
    );
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // One that is cut off in the middle has told nothing.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function heardIn(request: IncomingMessage, text: string): Heard {
  return {
    channel: (request.url ?? '').split('/').at(-1) ?? '',
    idempotencyKey: String(request.headers['idempotency-key']),
    text,
    body: JSON.parse(text) as HeardBody,
  };
}
