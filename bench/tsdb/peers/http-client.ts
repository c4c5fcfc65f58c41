import { Agent, type IncomingMessage, request } from 'node:http';

/** Connections that are kept: a new one for each request would be measured as the server's work. */
export class HttpClient {
  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    connections = 1,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The body of the answer, uncompressed. Throws for a status other than 2xx. */
  async get(path: string): Promise<string> {
    return (await this.ask('GET', path)).toString();
  }

  async post(path: string, body: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.ask('POST', path, body, headers);
  }

  close(): void {
    this.agent.destroy();
  }

  private async ask(
    method: string,
    path: string,
    body?: Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Buffer> {
    const { response, content } = await new Promise<Answer>((resolve, reject) => {
      const length = { 'content-length': String(body?.length ?? 0) };
      const options = { host: '127.0.0.1', port: this.port, agent: this.agent, method, path };
      const sent = request({ ...options, headers: { ...headers, ...length } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part)).once('error', reject);
        response.once('end', () => resolve({ response, content: Buffer.concat(parts) }));
      });
      sent.once('error', reject).end(body);
    });
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299)
      throw new Error(`${method} ${path}: ${status} ${content.toString().slice(0, 300)}`);
    return content;
  }
}

interface Answer {
  readonly response: IncomingMessage;
  readonly content: Buffer;
}
