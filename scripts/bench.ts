// npm run bench -- NAME [--quick] [--json FILE]: runs bench/NAME/index.ts, prints its table, writes its figures.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type BenchRun, flatFigures, formatReport } from '../bench/report.js';
import { runTool } from './run-command.js';
import { ROOT } from './workspace.js';

const FOLDER = join(ROOT, 'bench');

function benchNames(): string[] {
  return readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'index.ts')));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});
const [name] = positionals;
if (name === undefined || !benchNames().includes(name)) {
  console.error(
    `Usage: npm run bench -- NAME [--quick] [--json FILE]\nNAME is one of: ${benchNames().join(', ')}`,
  );
  process.exit(2);
}
const build = await runTool('turbo', ['run', 'build', '--output-logs=errors-only']);
if (build.code !== 0) {
  console.error(build.output);
  process.exit(1);
}
const module = (await import(pathToFileURL(join(FOLDER, name, 'index.ts')).href)) as { run: BenchRun };
const report = await module.run({ quick: values.quick });
console.log(`\n${formatReport(report)}\n`);
if (values.json !== undefined) {
  const machine = {
    bench: name,
    quick: values.quick,
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
  writeFileSync(values.json, `${JSON.stringify({ ...machine, ...flatFigures(report) }, null, 2)}\n`);
}
// A bench may leave sockets or timers of what it measured behind; its figures are complete.
process.exit(0);
