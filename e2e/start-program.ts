import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { eventually } from './running-host.js';

/** Where a program lies, or undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

/** Another server that runs beside the host under test. */
export interface RunningProgram {
  /** Kills it and waits for its end. Idempotent. */
  end(): Promise<void>;
}

/** Starts a server and waits until `readyUrl` answers with 2xx. Throws with what it printed when it does not. */
export async function startProgram(
  command: string,
  args: readonly string[],
  readyUrl: string,
): Promise<RunningProgram> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}:\n${printed}`);
    const response = await fetch(readyUrl).catch(() => undefined);
    return response?.ok === true;
  };
  try {
    await eventually(isReady, `${command} is ready`, 60_000);
  } catch (error) {
    await end(child);
    throw error;
  }
  return { end: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
