import { Command } from 'commander';
import { hostVersion } from '../version.js';
import { addBackup, addData } from './add-data-commands.js';
import { addPromqlTest, addRules } from './add-rule-commands.js';
import { configOption, dataOption } from './common-options.js';
import type { KeyOptions } from './keys.js';
import type { StartOptions } from './start.js';

interface ConfigOption {
  readonly config?: string;
}

/** Each command's code is imported when it is called: `start` should not wait for the code of the others. */
export async function run(argv: readonly string[]): Promise<void> {
  outliveClosedPipes();
  const program = new Command('labkeeper')
    .description('Watches a homelab or a server room and tells people what is wrong.')
    .version(hostVersion(), '--version', 'print the version')
    .showHelpAfterError()
    .configureHelp({ showGlobalOptions: true });
  addStart(program);
  addCheck(program);
  addSchema(program);
  addPlugins(program);
  addKeys(program);
  addData(program);
  addBackup(program);
  addRules(program);
  addPromqlTest(program);
  await program.parseAsync(argv as string[]);
}

/** `labkeeper schema | head` ends the reader first; and watching goes on when nobody reads the log any more. */
function outliveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function addStart(program: Command): void {
  program
    .command('start')
    .description('start watching')
    .addOption(configOption())
    .addOption(dataOption())
    .option('-l, --listen <host:port>', 'address to listen on; wins over the file')
    .action(async (options: StartOptions) => (await import('./start.js')).start(options));
}

function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'check a configuration file: every fault with its place and remedy; exit code 1 when there are some',
    )
    .argument('[file]', 'the file')
    .action(async (file?: string) => (await import('./check.js')).check(file));
}

function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print a JSON Schema of the configuration file for editors')
    .addOption(configOption())
    .option('-o, --out <file>', 'write it to a file')
    .action(async (options: ConfigOption & { readonly out?: string }) =>
      (await import('./schema.js')).schema(options),
    );
}

function addPlugins(program: Command): void {
  program
    .command('plugins')
    .description('list the plugins and what they contribute')
    .addOption(configOption())
    .action(async (options: ConfigOption) => (await import('./plugins.js')).plugins(options));
}

function addKeys(program: Command): void {
  const keys = program.command('keys').description('keys for the API and the page');
  keys
    .command('add')
    .description('make a key and print it once')
    .argument('<name>')
    .requiredOption('-r, --role <role>', 'viewer, operator, admin or agent')
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (name: string, options: KeyOptions & { readonly role: string }) =>
      (await import('./keys.js')).addKey(name, options),
    );
  keys
    .command('list')
    .description('list the keys')
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (options: KeyOptions) => (await import('./keys.js')).listKeys(options));
  keys
    .command('revoke')
    .description('make a key invalid')
    .argument('<id>')
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (id: string, options: KeyOptions) => (await import('./keys.js')).revokeKey(id, options));
}
