import { type AppendOutcome, type Series, seriesKey } from '@labkeeper/core';
import { decodeChunk } from '../chunk.js';
import { ByteQueue } from './byte-queue.js';
import { bytesOf } from './bytes-of.js';
import {
  FRAME_HEAD_BYTES,
  MAGIC,
  MOST_PAYLOAD_BYTES,
  type Payload,
  readFrameHead,
  readPayload,
} from './compact-frame.js';
import { RowBatch } from './row-batch.js';
import type { SampleTarget } from './sample-ports.js';

/** A place in a compact file where it is not as it should be. */
export interface CompactFault {
  /** Bytes from the beginning of the file to that of the frame. */
  readonly offset: number;
  readonly says: string;
}

/** What an import of a compact file came to. */
export interface CompactImportReport extends AppendOutcome {
  /** Samples that were read and handed to the store. */
  readonly samples: number;
  /** Frames that were skipped because they cannot be read. */
  readonly damaged: number;
  /** The first 20 of what is wrong with the file. */
  readonly faults: readonly CompactFault[];
  /** True when the file has its end and everything that its end says it has. */
  readonly isComplete: boolean;
}

const TOLD_FAULTS = 20;

/**
 * Reads a compact file and hands its samples to the store in batches. A damaged frame costs what is in it; where the next
 * one begins is known while the length of the damaged one can be believed, else reading stops there.
 * Rejects when the store or the file does; what was read before is kept.
 */
export async function importCompact(
  arriving: AsyncIterable<Uint8Array>,
  target: SampleTarget,
): Promise<CompactImportReport> {
  const file = new CompactImport(target);
  for await (const slice of bytesOf(arriving)) {
    file.arrive(slice);
    while (file.canRead) await file.readNext();
    if (file.hasStopped) break;
  }
  return file.finish();
}

class CompactImport {
  readonly #queue = new ByteQueue();
  readonly #rows: RowBatch;
  readonly #faults: CompactFault[] = [];
  #offset = 0;
  #damaged = 0;
  #series = 0;
  #lastSeries = '';
  #hasBegun = false;
  #totals: { readonly series: number; readonly samples: number } | undefined;
  hasStopped = false;

  constructor(target: SampleTarget) {
    this.#rows = new RowBatch(target);
  }

  arrive(slice: Uint8Array): void {
    this.#queue.append(slice);
  }

  /** Whether enough has arrived for a step. */
  get canRead(): boolean {
    const { waiting } = this.#queue;
    if (this.hasStopped) return false;
    if (!this.#hasBegun) return waiting.length >= MAGIC.length;
    if (waiting.length < FRAME_HEAD_BYTES) return false;
    const { length } = readFrameHead(waiting);
    return length > MOST_PAYLOAD_BYTES || waiting.length >= FRAME_HEAD_BYTES + length;
  }

  async readNext(): Promise<void> {
    if (!this.#hasBegun) this.#readMagic();
    else if (this.#totals) this.#stop('nothing may follow the totals: reading stops here');
    else await this.#readFrame();
  }

  async finish(): Promise<CompactImportReport> {
    await this.#rows.flush();
    if (!this.hasStopped) this.#judgeEnd();
    const { outcome } = this.#rows;
    const isComplete = !this.hasStopped && this.#faults.length === 0;
    return { ...outcome, damaged: this.#damaged, faults: this.#faults, isComplete };
  }

  #readMagic(): void {
    if (!MAGIC.equals(this.#queue.waiting.subarray(0, MAGIC.length))) {
      this.#stop('this is not a compact file of Labkeeper');
      return;
    }
    this.#hasBegun = true;
    this.#use(MAGIC.length);
  }

  async #readFrame(): Promise<void> {
    const { waiting } = this.#queue;
    const { length, checksum } = readFrameHead(waiting);
    if (length > MOST_PAYLOAD_BYTES) {
      this.#damaged += 1;
      this.#stop('the length of this frame is damaged: reading stops here');
      return;
    }
    const bytes = waiting.subarray(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + length);
    const payload = this.#judged(() => readPayload(bytes, checksum));
    if (payload) await this.#take(payload);
    this.#use(FRAME_HEAD_BYTES + length);
  }

  async #take({ header, chunks }: Payload): Promise<void> {
    if ('totals' in header) {
      this.#totals = header.totals;
      return;
    }
    const series = { name: header.name, labels: header.labels };
    this.#countSeries(series);
    for (const [index, { startMs }] of header.chunks.entries()) {
      const column = this.#judged(() => decoded(chunks[index] as Uint8Array, startMs));
      if (!column) return;
      await this.#rows.addColumn(series, column.timesMs, column.values);
    }
  }

  /** Only what reads the file is judged: a RangeError of the store is none of the file's. */
  #judged<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#damaged += 1;
      this.#tell(error.message);
      return undefined;
    }
  }

  /** All frames of a series come in a row. */
  #countSeries({ name, labels }: Series): void {
    const key = seriesKey(name, labels);
    if (key !== this.#lastSeries) this.#series += 1;
    this.#lastSeries = key;
  }

  #judgeEnd(): void {
    if (this.#queue.length > 0) this.#tell('the file was cut off within this frame');
    else if (!this.#totals) this.#tell('the file was cut off: its totals are missing');
    else this.#compareTotals(this.#totals);
  }

  /** Damaged frames have been told of already, and explain what is missing. */
  #compareTotals({ series, samples }: { readonly series: number; readonly samples: number }): void {
    const read = this.#rows.outcome.samples;
    if (this.#damaged > 0 || (series === this.#series && samples === read)) return;
    this.#tell(
      `the file should have ${samples} samples of ${series} series, but has ${read} of ${this.#series}`,
    );
  }

  #use(bytes: number): void {
    this.#queue.drop(bytes);
    this.#offset += bytes;
  }

  #stop(says: string): void {
    this.hasStopped = true;
    this.#tell(says);
  }

  #tell(says: string): void {
    if (this.#faults.length < TOLD_FAULTS) this.#faults.push({ offset: this.#offset, says });
  }
}

function decoded(chunk: Uint8Array, startMs: number): ReturnType<typeof decodeChunk> {
  const column = decodeChunk(chunk, startMs);
  if (!column.timesMs.every(Number.isSafeInteger))
    throw new RangeError('a chunk of this frame has impossible times');
  return column;
}
