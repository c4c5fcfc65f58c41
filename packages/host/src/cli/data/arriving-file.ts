import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { describeError, LabkeeperError } from '@labkeeper/core';
import { STANDARD_STREAM } from './whole-file.js';

/** As much of a file as is looked at to guess its format. */
const BEGINNING_BYTES = 65_536;

/** A file of which the beginning has been looked at. */
export interface ArrivingFile {
  readonly beginning: Uint8Array;
  /** All of it, the beginning included. Read it once. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Opens a file for import; `-` is standard input. Throws DATA_FILE_UNUSABLE, as its pieces do. */
export async function openArriving(file: string): Promise<ArrivingFile> {
  const name = file === STANDARD_STREAM ? 'standard input' : file;
  const pieces = told(name, file === STANDARD_STREAM ? process.stdin : await opened(name, file));
  const first: Uint8Array[] = [];
  for (let size = 0; size < BEGINNING_BYTES; ) {
    const { done, value } = await pieces.next();
    if (done) break;
    first.push(value);
    size += value.length;
  }
  return { beginning: Buffer.concat(first), pieces: joined(first, pieces) };
}

async function opened(name: string, file: string): Promise<AsyncIterable<Uint8Array>> {
  const stream = createReadStream(file);
  try {
    await once(stream, 'open');
    return stream;
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function* told(name: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* pieces;
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}

function unreadable(name: string, cause: unknown): LabkeeperError {
  return new LabkeeperError('DATA_FILE_UNUSABLE', `${name} cannot be read: ${describeError(cause)}`, {
    cause,
  });
}
