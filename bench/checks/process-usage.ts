import { readFileSync } from 'node:fs';

/** Ticks of /proc/PID/stat in a second; fixed at 100 in the Linux ABI. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** What a process has used since its start, as the kernel counts it. */
export interface ProcessUsage {
  /** User and system, all threads. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** Sent to the storage layer; a page written twice counts twice. */
  readonly writtenBytes: number;
}

/** Reads it from /proc. Linux only. */
export function processUsage(pid: number): ProcessUsage {
  // The name in the second field may contain spaces, so counting starts after its closing bracket.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const written = /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
  return {
    cpuMs: (ticks * 1_000) / TICKS_PER_SECOND,
    rssBytes: Number(fields[21]) * PAGE_BYTES,
    writtenBytes: Number(written),
  };
}
