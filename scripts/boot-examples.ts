// Starts the built program with every examples/*/labkeeper.yaml, stops it again, and runs the unit tests of its rules: an
// example that does not work is worse than none. With --json FILE the counts are written there.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runTool } from './run-command.js';
import { ROOT } from './workspace.js';

const EXAMPLES = join(ROOT, 'examples');
const PROGRAM = join(ROOT, 'packages', 'host', 'dist', 'cli.js');
/** Far above the second that a start takes: two cores may be busy with other things. */
const START_LIMIT_MS = 60_000;
/** SIGTERM promises 5 s. */
const STOP_LIMIT_MS = 10_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Stand-ins for the secrets of an example, from its .env.example: lines of NAME=VALUE. */
function exampleEnvironment(folder: string): Record<string, string> {
  const file = join(folder, '.env.example');
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, 'utf8').matchAll(/^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = '', value = '']) => [name, value.replace(/^(['"])(.*)\1$/, '$2')]),
  );
}

async function waitForHealth(url: string, hasEnded: () => boolean): Promise<string | undefined> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (hasEnded()) return 'ended before it answered';
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return undefined;
    await sleep(100);
  }
  return `did not answer at ${url}/health within ${START_LIMIT_MS / 1000} s`;
}

async function stop(child: ChildProcess, ended: Promise<number | null>): Promise<string | undefined> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  const code = await ended;
  clearTimeout(timer);
  return code === 0 ? undefined : `ended with ${code ?? 'a signal'} after SIGTERM`;
}

/** What the unit tests of an example's rules say; undefined when they pass or there are none. */
async function ruleTestFault(folder: string): Promise<string | undefined> {
  const tests = join(folder, 'tests');
  if (!existsSync(tests)) return undefined;
  const files = readdirSync(tests).map((file) => join(tests, file));
  const child = spawn(process.execPath, [PROGRAM, 'rules', 'test', ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return code === 0 ? undefined : `the tests of its rules fail\n${output}`;
}

/** The fault of an example, or undefined when it started and stopped as it should. */
async function bootExample(name: string): Promise<string | undefined> {
  const folder = join(EXAMPLES, name);
  const data = mkdtempSync(join(tmpdir(), 'labkeeper-example-'));
  const address = `127.0.0.1:${await freePort()}`;
  const args = [PROGRAM, 'start', '--config', 'labkeeper.yaml', '--data', data, '--listen', address];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...exampleEnvironment(folder) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let hasEnded = false;
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      hasEnded = true;
      resolve(code);
    });
  });
  const startFault = await waitForHealth(`http://${address}`, () => hasEnded);
  const stopFault = await stop(child, ended);
  rmSync(data, { recursive: true, force: true });
  const fault = startFault ?? stopFault ?? (await ruleTestFault(folder));
  return fault && `${fault}\n${output}`;
}

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const build = await runTool('turbo', ['run', 'build', '--output-logs=errors-only']);
if (build.code !== 0) console.log(build.output);
const names = existsSync(EXAMPLES)
  ? readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'labkeeper.yaml')))
  : [];
let failed = 0;
for (const name of names) {
  const fault = await bootExample(name);
  if (fault) failed += 1;
  console.log(fault ? `FAIL  examples/${name}: ${fault}` : `ok    examples/${name} starts and stops`);
}
console.log(`${names.length - failed} examples passed, ${failed} failed`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ passed: names.length - failed, failed })}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;
