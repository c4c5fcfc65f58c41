// npm run check [-- NAME …] [-- --json FILE]: all checks of the repository, or the named ones.
import { writeFileSync } from 'node:fs';
import { runTool } from '../run-command.js';
import { changesetsCheck } from './changesets.js';
import type { Check } from './check.js';
import { deadCheck } from './dead.js';
import { generatedCheck } from './generated.js';
import { importsCheck } from './imports.js';
import { lintCheck } from './lint.js';
import { lockCheck } from './lock.js';
import { namesCheck } from './names.js';
import { packagesCheck } from './packages.js';
import { pluginsCheck } from './plugins.js';
import { typesCheck } from './types.js';

const CHECKS: readonly Check[] = [
  lockCheck,
  namesCheck,
  importsCheck,
  pluginsCheck,
  lintCheck,
  typesCheck,
  generatedCheck,
  deadCheck,
  packagesCheck,
  changesetsCheck,
];

function readArguments(args: readonly string[]): { chosen: readonly Check[]; jsonFile: string | undefined } {
  const names = [...args];
  const at = names.indexOf('--json');
  const jsonFile = at < 0 ? undefined : names.splice(at, 2)[1];
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(
      `No check is called ${unknown.join(', ')}. There are: ${CHECKS.map((check) => check.name).join(', ')}.`,
    );
    process.exit(2);
  }
  return {
    chosen: names.length === 0 ? CHECKS : CHECKS.filter((check) => names.includes(check.name)),
    jsonFile,
  };
}

async function runCheck(check: Check): Promise<boolean> {
  const started = performance.now();
  const { faults, summary, warnings = [] } = await check.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  for (const warning of warnings) console.log(`  note: ${warning}`);
  if (faults.length === 0) {
    console.log(`ok    ${check.name}: ${summary} (${seconds} s)`);
    return true;
  }
  for (const fault of faults) console.log(fault.trimEnd());
  console.log(
    `FAIL  ${check.name}: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} (${seconds} s)`,
  );
  return false;
}

const { chosen, jsonFile } = readArguments(process.argv.slice(2));
let passed = 0;
let failed = 0;
if (chosen.some((check) => check.needsBuild)) {
  const build = await runTool('turbo', ['run', 'build', '--output-logs=errors-only']);
  if (build.code !== 0) {
    // Whatever reads dist/ would report the same fault in other words; the checks still run, because some of them
    // name the cause.
    console.log(build.output);
    console.log('FAIL  build: the packages do not build');
    failed += 1;
  }
}
for (const check of chosen) {
  if (await runCheck(check)) passed += 1;
  else failed += 1;
}
console.log(`${passed} checks passed, ${failed} failed`);
if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify({ passed, failed })}\n`);
process.exitCode = failed === 0 ? 0 : 1;
