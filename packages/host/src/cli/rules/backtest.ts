import { type Clock, describeError, LabkeeperError, type StorageForReading } from '@labkeeper/core';
import { PromqlError } from '@labkeeper/promql';
import { type AlertingRule, type RuleGroup, readRuleFile } from '@labkeeper/rules';
import { readRuleText } from '../../config/config-file.js';
import { type StorageOptions, withConfiguredStorage, withStoreForReading } from '../configured-storage.js';
import { counted } from '../data/counted.js';
import { parseTime } from '../data/parse-time.js';
import { explainingErrors } from '../end-of-command.js';
import { type Firing, replayRule } from './replay-rule.js';

export interface BacktestOptions extends StorageOptions {
  readonly rule: string;
  readonly name?: string;
  readonly from: string;
  readonly to?: string;
}

const EXIT_FAILED = 1;
const EXIT_UNUSABLE = 2;
/** Prometheus' own. */
const DEFAULT_INTERVAL_MS = 60_000;

/** A rule to replay, with what its group says. */
interface Replayed {
  readonly rule: AlertingRule;
  readonly group: RuleGroup;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** `labkeeper rules backtest`: replays the alerting rules of a file over what is stored, and lists when they would have fired. */
export function backtest(options: BacktestOptions): Promise<void> {
  return explainingErrors(() =>
    withConfiguredStorage(options, async (storage) => {
      const rules = readRules(options);
      if (!rules) return;
      const span = spanOf(options, storage.context.clock);
      await withStoreForReading(storage, (store) => replayAll(store, rules, span));
    }),
  );
}

/** The alerting rules that are meant. What is wrong is shown, and the exit code set. */
function readRules({ rule: file, name }: BacktestOptions): readonly Replayed[] | undefined {
  const rules = readGroups(file)?.flatMap((group) =>
    group.rules.flatMap((rule) => (isMeant(rule, name) ? [{ rule, group }] : [])),
  );
  if (rules && rules.length > 0) return rules;
  if (rules)
    process.stderr.write(`${file}: there is no alerting rule${name === undefined ? '' : ` '${name}'`}\n`);
  process.exitCode = EXIT_UNUSABLE;
  return undefined;
}

function isMeant(rule: RuleGroup['rules'][number], name: string | undefined): rule is AlertingRule {
  return rule.kind === 'alerting' && (name === undefined || rule.name === name);
}

function readGroups(file: string): readonly RuleGroup[] | undefined {
  try {
    const { groups, faults } = readRuleFile(readRuleText(file), file);
    for (const { line, column, message } of faults)
      process.stderr.write(`${file}:${line}:${column}: ${message}\n`);
    return faults.length === 0 ? groups : undefined;
  } catch (error) {
    process.stderr.write(`${file}: ${describeError(error)}\n`);
    return undefined;
  }
}

function spanOf({ from, to }: BacktestOptions, clock: Clock): Span {
  const fromMs = parseTime(from, clock.now());
  const toMs = to === undefined ? clock.now() : parseTime(to, clock.now());
  if (fromMs > toMs) throw new LabkeeperError('TIME_INVALID', `--to ${to ?? 'now'} is before --from ${from}`);
  return { fromMs, toMs };
}

async function replayAll(store: StorageForReading, rules: readonly Replayed[], span: Span): Promise<void> {
  let times = 0;
  for (const { rule, group } of rules) {
    const firings = await replayOne(store, { rule, group }, span);
    for (const firing of firings) process.stdout.write(`${describe(rule, firing)}\n`);
    times += firings.length;
  }
  process.stdout.write(`${counted(times, 'alert')} would have fired\n`);
}

/** A rule that cannot be evaluated is told of, and the others go on. */
async function replayOne(
  { samples }: StorageForReading,
  { rule, group }: Replayed,
  span: Span,
): Promise<readonly Firing[]> {
  const { intervalMs: stepMs = DEFAULT_INTERVAL_MS, limit, file } = group;
  try {
    return await replayRule(rule, { ...span, stepMs, limit, samples });
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    process.stderr.write(`${file}:${rule.line}: ${rule.name}: ${error.message}\n`);
    process.exitCode = EXIT_FAILED;
    return [];
  }
}

function describe({ name }: AlertingRule, { alert, fromMs, toMs }: Firing): string {
  const labels = Object.entries(alert.labels)
    .filter(([label]) => label !== 'alertname')
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const until = toMs === undefined ? 'still firing' : new Date(toMs).toISOString();
  return `${new Date(fromMs).toISOString()} … ${until}  ${name}{${labels.join(', ')}}  value ${alert.value}`;
}
