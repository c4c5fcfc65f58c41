import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Bytes that a folder takes on the disk, as `du` counts: whole blocks, folders included. */
export async function diskBytes(...paths: readonly string[]): Promise<number> {
  if (paths.length === 0) return 0;
  const { stdout } = await promisify(execFile)('du', ['--summarize', '--total', '--block-size=1', ...paths]);
  return Number(/^(\d+)\ttotal$/m.exec(stdout)?.[1]);
}
