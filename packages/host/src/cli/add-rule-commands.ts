import type { Command } from 'commander';
import { configOption, dataOption } from './common-options.js';
import { endWithUsage } from './end-of-command.js';
import type { PromqlTestOptions } from './promql-test.js';
import type { BacktestOptions } from './rules/backtest.js';

/** `labkeeper promql-test`. */
export function addPromqlTest(program: Command): void {
  endWithUsage(program.command('promql-test'))
    .description(
      'run test scripts of the query language; exit code 1 when one fails, 2 when one cannot be read',
    )
    .argument('<files...>', 'scripts in the language of promqltest')
    .option('--no-experimental', 'refuse experimental functions')
    .action(async (files: readonly string[], options: PromqlTestOptions) =>
      (await import('./promql-test.js')).promqlTest(files, options),
    );
}

/** `labkeeper rules check`, `test` and `backtest`. */
export function addRules(program: Command): void {
  const rules = endWithUsage(program.command('rules').description('files of Prometheus rules'));
  rules
    .command('check')
    .description(
      'check files of rules: every fault with its place; exit code 1 when there are some, 2 for files that cannot be read',
    )
    .argument('<files...>')
    .action(async (files: readonly string[]) => (await import('./rules/check-rules.js')).checkRules(files));
  rules
    .command('test')
    .description(
      'run unit tests in the form of promtool; exit code 1 when one fails, 2 for files that cannot be used',
    )
    .argument('<files...>')
    .action(async (files: readonly string[]) => (await import('./rules/test-rules.js')).testRules(files));
  rules
    .command('backtest')
    .description('list when a rule would have fired over what is stored')
    .requiredOption('-r, --rule <file>', 'file of rules')
    .option('-n, --name <alert>', 'only the rules of this name')
    .requiredOption('--from <time>', '2026-01-31T12:00:00Z, seconds since 1970, or how long ago: 7d')
    .option('--to <time>', 'default: now')
    .addOption(configOption())
    .addOption(dataOption())
    .action(async (options: BacktestOptions) => (await import('./rules/backtest.js')).backtest(options));
}
