import { LabkeeperError } from '@labkeeper/core';
import type { JournalMedium } from '../journal/journal-medium.js';
import { PAGE_BYTES } from '../journal/segment-format.js';

type Act = 'begin' | 'write' | 'sync' | 'drop';

/** Bytes of a segment as they lie on the disk. */
interface Segment {
  bytes: Buffer;
  /** Up to where they were written, and up to where they would survive a power cut. */
  written: number;
  synced: number;
}

/** A journal's medium in memory, which pads and recycles as files do, and does what a test tells it. */
export interface MemoryMedium extends JournalMedium {
  readonly segments: ReadonlyMap<number, Segment>;
  /** What was asked for: `begin 1`, `write`, `sync`, `drop 1,2`, `close`. */
  readonly calls: readonly string[];
  /** What fails from now on. A failed write leaves half of its bytes behind. */
  readonly failing: Set<Act>;
  /** Waited for before each act: a test holds them up with it. */
  gate: (act: Act) => Promise<void>;
  /** What the next process finds after the end of this one. */
  afterKill(): MemoryMedium;
  /** What it finds after a power cut: of what was not synced, nothing. */
  afterPowerCut(): MemoryMedium;
}

export function memoryMedium(segments = new Map<number, Segment>(), spares: Buffer[] = []): MemoryMedium {
  const calls: string[] = [];
  let current: Segment | undefined;
  const act = async (what: Act, call: string): Promise<void> => {
    calls.push(call);
    const isFailing = medium.failing.has(what);
    await medium.gate(what);
    if (isFailing) throw new LabkeeperError('STORAGE_UNAVAILABLE', `the medium cannot ${what}`);
  };
  const survivors = (isSynced: boolean) =>
    memoryMedium(new Map([...segments].map(([number, one]) => [number, survivor(one, isSynced)])), [
      ...spares,
    ]);
  const medium: MemoryMedium = {
    segments,
    calls,
    failing: new Set(),
    gate: async () => undefined,
    async *read() {
      for (const [number, { bytes }] of [...segments].sort(([a], [b]) => a - b)) yield { number, bytes };
    },
    async begin(number) {
      await act('begin', `begin ${number}`);
      // The oldest first: what it holds may have been written under a number that comes again.
      current = { bytes: spares.shift() ?? Buffer.alloc(PAGE_BYTES * 4), written: 0, synced: 0 };
      segments.set(number, current);
    },
    async write(bytes) {
      const copy = Buffer.from(bytes);
      const to = current as Segment;
      await act('write', 'write').catch((error: unknown) => {
        put(to, copy.subarray(0, copy.length / 2));
        throw error;
      });
      put(to, copy);
    },
    async sync() {
      await act('sync', 'sync');
      const to = current as Segment;
      put(to, Buffer.alloc(-to.written & (PAGE_BYTES - 1)));
      to.synced = to.written;
    },
    async drop(numbers) {
      await act('drop', `drop ${numbers.join(',')}`);
      for (const number of numbers) {
        const dropped = segments.get(number);
        if (dropped) spares.push(dropped.bytes);
        segments.delete(number);
      }
    },
    async close() {
      calls.push('close');
    },
    afterKill: () => survivors(false),
    afterPowerCut: () => survivors(true),
  };
  return medium;
}

function put(segment: Segment, bytes: Buffer): void {
  const end = segment.written + bytes.length;
  if (end > segment.bytes.length)
    segment.bytes = Buffer.concat([segment.bytes, Buffer.alloc(end * 2 - segment.bytes.length)]);
  segment.bytes.set(bytes, segment.written);
  segment.written = end;
}

/** Bytes that were not synced are zeros again, as in a file that was filled with them. */
function survivor({ bytes, written, synced }: Segment, isSynced: boolean): Segment {
  const left = Buffer.from(bytes);
  if (isSynced) left.fill(0, synced, written);
  const end = isSynced ? synced : written;
  return { bytes: left, written: end, synced: end };
}
