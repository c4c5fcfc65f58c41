/** One segment of the journal as it is found at a start. */
export interface FoundSegment {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * Where the journal's bytes are kept: files beside an embedded database, rows in a database server. Segments are numbered
 * upwards. Calls come one after the other, except that `drop` may come at any time. Everything rejects with STORAGE_UNAVAILABLE
 * when it cannot be done.
 */
export interface JournalMedium {
  /** All segments, oldest first. Called once, before anything else. */
  read(): AsyncIterable<FoundSegment>;
  /** Begins a segment; what is written from now on belongs to it. */
  begin(segment: number): Promise<void>;
  /** Resolves when the bytes survive the end of this process. Afterwards they are written over. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything written survives a power cut. */
  sync(): Promise<void>;
  /** Forgets segments: their samples are in the chunk store. Never the one that was begun last. */
  drop(segments: readonly number[]): Promise<void>;
  close(): Promise<void>;
}
