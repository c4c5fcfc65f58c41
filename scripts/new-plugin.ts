// npm run new-plugin NAME: a plugin of your own, as a copy of plugin-example that passes every check.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renamePath, renameWords } from './rename-example.js';
import { runCommand, runTool } from './run-command.js';
import { listFiles, ROOT } from './workspace.js';

const TEMPLATE = 'packages/plugin-example';

function readName(): string {
  const name = (process.argv[2] ?? '').replace(/^(@labkeeper\/)?plugin-/, '');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    console.error('Usage: npm run new-plugin NAME, in lower-case words joined by -, for example pi-hole.');
    process.exit(2);
  }
  if (existsSync(join(ROOT, 'packages', `plugin-${name}`))) {
    console.error(`packages/plugin-${name} exists already.`);
    process.exit(2);
  }
  return name;
}

/** A new plugin starts at 0.1.0 and belongs to the standard plugins, which the example does not. */
function renameManifest(text: string, name: string): string {
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const changed = {
    ...manifest,
    name: `@labkeeper/plugin-${name}`,
    version: '0.1.0',
    description: `Labkeeper plugin: ${name}.`,
    labkeeper: { kind: 'plugin' },
  };
  return `${JSON.stringify(changed, null, 2)}\n`;
}

function copyTemplate(name: string): string {
  const target = `packages/plugin-${name}`;
  const files = listFiles(ROOT, TEMPLATE, ['node_modules', 'dist', '.turbo']);
  for (const file of files.filter((path) => !path.endsWith('/CHANGELOG.md'))) {
    const inside = file.slice(TEMPLATE.length + 1);
    const to = join(ROOT, target, renamePath(inside, name));
    mkdirSync(dirname(to), { recursive: true });
    const bytes = readFileSync(join(ROOT, file));
    // A recorded answer may be anything; what is not text has no name to change.
    const isText = !bytes.includes(0);
    const text = bytes.toString('utf8');
    const renamed = inside === 'package.json' ? renameManifest(text, name) : renameWords(text, name);
    writeFileSync(to, isText ? renamed : bytes);
  }
  const changeset = join(ROOT, '.changeset', `plugin-${name}.md`);
  writeFileSync(changeset, `---\n'@labkeeper/plugin-${name}': minor\n---\n\nThe first version.\n`);
  return target;
}

async function step(what: string, running: ReturnType<typeof runCommand>): Promise<void> {
  console.log(`${what} …`);
  const { code, output } = await running;
  if (code === 0) return;
  console.error(output);
  console.error(`This failed: ${what}. The files are there; mend the cause and run npm run generate.`);
  process.exit(1);
}

/** npm forgets the platform packages that its registry lacks, whenever it writes the lock file. */
async function install(): Promise<void> {
  await step('npm install', runCommand('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']));
  await step('completing the lock file', runCommand(process.execPath, ['scripts/complete-lock.mjs']));
}

const name = readName();
const target = copyTemplate(name);
await install();
// Names have other lengths now: lines break elsewhere, imports stand in another order.
await step('formatting', runTool('biome', ['check', '--write', target]));
await step('npm run generate', runTool('tsx', ['scripts/generate/index.ts']));
// The standard plugins depend on the new one from here on.
await install();
console.log(`
${target} is there, and passes the tests and checks as it is. Next:
  1. ${target}/src: talk to your product instead of the made-up queue.
  2. ${target}/README.md and example.yaml: say what it watches.
  3. npm test -- ${target} and npm run check
`);
