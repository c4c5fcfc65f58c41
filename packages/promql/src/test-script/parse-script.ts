import { parseDuration } from '@labkeeper/core';
import { EvalParser, parseSeriesAt } from './parse-eval.js';
import { type LoadCommand, type ScriptCommand, TestScriptError } from './script-command.js';
import { ScriptLines } from './script-lines.js';
import type { NotedSeries } from './series-notation.js';

const LOAD = /^load(_with_nhcb)?\s+(\S+)$/;

/**
 * Reads a script in Prometheus' language for tests of PromQL engines (`promqltest`). Throws TestScriptError at the first line that it
 * cannot read. Source: prometheus/promql/promqltest/README.md.
 */
export function parseScript(text: string): readonly ScriptCommand[] {
  const lines = new ScriptLines(text);
  const commands: ScriptCommand[] = [];
  for (let line = lines.nextCommand(); line !== undefined; line = lines.nextCommand()) {
    commands.push(parseCommand(lines, line));
  }
  return commands;
}

function parseCommand(lines: ScriptLines, line: string): ScriptCommand {
  const word = /^\S*/.exec(line)?.[0].toLowerCase() ?? '';
  if (word === 'clear') return { kind: 'clear' };
  if (word.startsWith('load')) return parseLoad(lines, line);
  if (word.startsWith('eval')) return new EvalParser(lines, line).parse();
  throw new TestScriptError(lines.number, `invalid command ${JSON.stringify(line)}`);
}

function parseLoad(lines: ScriptLines, line: string): LoadCommand {
  const number = lines.number;
  const [, nhcb, step] = LOAD.exec(line) ?? [];
  const stepMs = parseDuration(step ?? '');
  if (stepMs === undefined) {
    throw new TestScriptError(number, 'invalid load command: load[_with_nhcb] <step> is expected');
  }
  const series: NotedSeries[] = [];
  for (const each of lines.untilBlank()) series.push(parseSeriesAt(lines.number, each));
  return { kind: 'load', line: number, stepMs, makesHistograms: nhcb !== undefined, series };
}
