import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** What a child does with the data folder. */
export type ChildTask = 'hold' | 'write';

/** A process with a store of its own, run from the sources. */
export interface ChildStore {
  readonly pid: number;
  /** Lines that it has printed. */
  readonly lines: Interface;
  /** Ends it as a power switch would, and waits until it has ended. */
  killNine(): Promise<void>;
}

/** Starts a process that opens the store in `dataDir`. */
export function startChild(task: ChildTask, dataDir: string): ChildStore {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'child-program.ts'), task, dataDir],
    {
      env: { ...process.env, TSX_TSCONFIG_PATH: join(import.meta.dirname, 'tsconfig.json') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return {
    pid: child.pid ?? 0,
    lines: createInterface({ input: child.stdout }),
    killNine: () => killNine(child),
  };
}

async function killNine(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
