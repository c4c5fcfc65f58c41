// npm start [-- ARGUMENTS]: from a fresh clone to a running Labkeeper. The arguments reach `labkeeper start`.
// package.json calls this by `exec`: the shell that npm puts in between would end at SIGTERM without passing it on.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './prepare.mjs';

checkNode();
ensureInstalled();
ensureBuilt();

const program = join(ROOT, 'packages', 'host', 'dist', 'cli.js');
const child = spawn(process.execPath, [program, 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  process.on(signal, () => {
    // Ctrl-C in a terminal reaches every process of the group by itself; sent again, it would count as a second one.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  });
}
child.on('error', (error) => {
  console.error(`Labkeeper could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
});
