import type { IncomingMessage } from 'node:http';
import type { Deadline } from '../time/deadline.js';
import type { Exchange } from './exchange.js';
import type { ProbeAnswer } from './probe-types.js';

const NO_BODY = Buffer.alloc(0);

/** Reads the body within its limits, then closes the connection. Rejects when it is cut off. */
export function receiveBody(
  response: IncomingMessage,
  exchange: Exchange,
  deadline: Deadline,
): Promise<ProbeAnswer> {
  const { bodyUse, maxBodyBytes } = exchange;
  return deadline.guard((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bodyBytes = 0;
    const finish = (isBodyCut: boolean) => {
      response.socket.destroy();
      resolve(answerOf(response, { body: joined(chunks, maxBodyBytes), bodyBytes, isBodyCut }));
    };
    response.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
      if (bodyUse === 'keep') chunks.push(chunk);
      if (bodyBytes > maxBodyBytes) finish(true);
    });
    // Before Node's own listener, which would first send the other side an end, one system call for nothing.
    response.prependOnceListener('end', () => finish(false));
    response.on('error', reject);
    return () => response.destroy();
  });
}

function answerOf(
  response: IncomingMessage,
  read: Pick<ProbeAnswer, 'body' | 'bodyBytes' | 'isBodyCut'>,
): ProbeAnswer {
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    httpVersion: response.httpVersion,
    headers: response.headers,
    ...read,
  };
}

function joined(chunks: readonly Buffer[], maxBytes: number): Buffer {
  if (chunks.length === 0) return NO_BODY;
  const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  return whole.length > maxBytes ? whole.subarray(0, maxBytes) : whole;
}
