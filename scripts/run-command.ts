import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './workspace.js';

export interface CommandResult {
  readonly code: number;
  /** Standard output alone, for what is to be read by a program. */
  readonly stdout: string;
  /** Standard output and error in the order they came, for people. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program without a shell and collects what it prints. A program that cannot be started gives the code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env = {} }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', (error) => resolve({ code: 127, stdout, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }));
  });
}

/** Runs a tool of the root's node_modules. Calling it directly saves the half second of npx. */
export function runTool(
  name: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  return runCommand(join(ROOT, 'node_modules', '.bin', name), args, options);
}
