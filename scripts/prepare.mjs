// Brings a checkout to the point where it can run: right Node, dependencies installed, packages built.
// Runs before anything is installed, so it may use nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINIMUM_NODE = [20, 19];
const INSTALL_STAMP = join(ROOT, 'node_modules', '.labkeeper-installed');
const BUILD_STAMP = join(ROOT, 'node_modules', '.labkeeper-built');
/** What a build depends on, beside the packages' folders. */
const SHARED_BUILD_INPUTS = ['build', 'package-lock.json', 'tsconfig.base.json', 'turbo.json'];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  console.error(
    `Labkeeper needs Node.js ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node}.`,
  );
  console.error('Install a newer one, for example from https://nodejs.org, and try again.');
  process.exit(1);
}

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    // What a build prints is no part of what the started program prints.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  console.error(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}

/** Whether what is in node_modules is what the lock file says, whoever put it there. */
function installedAsLocked(lockText) {
  const hidden = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(JSON.parse(lockText).packages).every(([path, locked]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (!found) return locked.optional === true;
    return found.version === locked.version && found.link === locked.link;
  });
}

export function ensureInstalled() {
  const lockText = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(lockText).digest('hex');
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === wanted) return;
  if (!installedAsLocked(lockText)) {
    console.error('Installing dependencies …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  writeFileSync(INSTALL_STAMP, wanted);
}

function addFiles(path, inputs) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(path)) {
      if (name === 'node_modules' || name === 'dist' || name.startsWith('.') || name === 'testcases')
        continue;
      addFiles(join(path, name), inputs);
    }
  } else if (!path.endsWith('.test.ts') && !path.endsWith('.md')) {
    inputs.push(`${path} ${stat.size} ${stat.mtimeMs}`);
  }
}

function isBuilt(folder) {
  const manifestFile = join(folder, 'package.json');
  if (!existsSync(manifestFile)) return true;
  const { exports: doors = {} } = JSON.parse(readFileSync(manifestFile, 'utf8'));
  return Object.values(doors).every((door) => !door.default || existsSync(join(folder, door.default)));
}

/** Builds when a source is newer than the last build. Asking costs a few dozen milliseconds. */
export function ensureBuilt() {
  const folders = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name));
  const inputs = [];
  for (const path of [...folders, ...SHARED_BUILD_INPUTS.map((name) => join(ROOT, name))])
    addFiles(path, inputs);
  const wanted = createHash('sha256').update(inputs.sort().join('\n')).digest('hex');
  const last = existsSync(BUILD_STAMP) ? readFileSync(BUILD_STAMP, 'utf8') : '';
  if (last === wanted && folders.every(isBuilt)) return;
  console.error('Building …');
  const turbo = join(ROOT, 'node_modules', '.bin', 'turbo');
  run(turbo, ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'], {
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  });
  writeFileSync(BUILD_STAMP, wanted);
}
