import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of webhooks that notes when it hears of which unit. */
export interface WebhookSink {
  readonly url: string;
  /** When a message about this unit arrived (milliseconds of `performance.now`). Rejects after a minute and a half. */
  heardOf(unit: string): Promise<number>;
  close(): Promise<void>;
}

const PATIENCE_MS = 90_000;

export async function startSink(): Promise<WebhookSink> {
  const waiting = new Map<string, (atMs: number) => void>();
  const server = createServer((request, response) => {
    const atMs = performance.now();
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      response.end('ok');
      for (const [unit, tell] of waiting) if (text.includes(unit)) tell(atMs);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heardOf: (unit) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`nothing was heard of ${unit}`)), PATIENCE_MS);
        waiting.set(unit, (atMs) => {
          clearTimeout(timer);
          waiting.delete(unit);
          resolve(atMs);
        });
      }),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
