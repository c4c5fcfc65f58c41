import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Rule files of other projects, beside the checkout; they are not part of this one. */
export const SHARED = process.env.LABKEEPER_SHARED ?? join(import.meta.dirname, '../../../shared');
/** Prometheus' own good and bad rule files, and what many projects publish for their exporters. */
export const RULEFMT = join(SHARED, 'rules', 'rulefmt');
export const PUBLIC_RULES = join(SHARED, 'rules', 'public');
export const PROMTOOL_FILES = join(SHARED, 'promtool');

/** Why nothing can be compared here; undefined where everything is there. */
export function whatIsMissing(): string | undefined {
  if (!existsSync(PUBLIC_RULES) || !existsSync(PROMTOOL_FILES)) return `there is no ${SHARED}`;
  return spawnSync('promtool', ['--version']).status === 0 ? undefined : 'promtool is not installed';
}

/** Paths of the YAML files of a folder, none where there is no folder. */
export function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

export interface ProgramResult {
  readonly code: number;
  readonly output: string;
}

/** Runs promtool. Never rejects for an exit code. */
export async function promtool(args: readonly string[], cwd?: string): Promise<ProgramResult> {
  try {
    const { stdout, stderr } = await promisify(execFile)('promtool', [...args], { cwd });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, output: `${stdout}${stderr}` };
  }
}
