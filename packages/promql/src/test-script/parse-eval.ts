import { parseDuration } from '@labkeeper/core';
import { RE2JS } from 're2js';
import type { RangeSpan } from '../evaluate-options.js';
import { PromqlError } from '../promql-error.js';
import { readNumber } from '../syntax/read-number.js';
import { readString } from '../syntax/read-string.js';
import {
  type EvalCommand,
  type Expectation,
  type ExpectationKind,
  TestScriptError,
} from './script-command.js';
import type { ScriptLines } from './script-lines.js';
import { type NotedSeries, parseSeriesNotation } from './series-notation.js';

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/;
const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;
const EXPECT_RANGE = /^expect range vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$/;
const EXPECT_STRING = /^expect string\s+(.+)$/;
const OLD_FAIL = /^expected_fail_(message|regexp)\s+(.+)$/;
const FORMS = 'eval instant [at <time>] <query> or eval range from <start> to <end> step <step> <query>';

/** Reads one `eval` command with the lines that say what is expected of it. Throws TestScriptError. */
export class EvalParser {
  private readonly line: number;
  private readonly expectations: Expectation[] = [];
  private readonly series: NotedSeries[] = [];
  private extras: Pick<EvalCommand, 'scalar' | 'text' | 'rangeVector'> = {};

  constructor(
    private readonly lines: ScriptLines,
    private readonly head: string,
  ) {
    this.line = lines.number;
  }

  parse(): EvalCommand {
    const { expression, at } = this.parseHead();
    for (const line of this.lines.untilBlank()) {
      // A number alone is all that a scalar has.
      if (!this.parseExpected(line)) break;
    }
    const several = this.series.some(({ values }) => values.length > 1);
    if (several && 'timeMs' in at && this.extras.rangeVector === undefined) {
      this.fail('several values of an instant query need a line "expect range vector from … to … step …"');
    }
    const { line, expectations, series } = this;
    return { kind: 'eval', line, expression, at, expectations, series, ...this.extras };
  }

  private parseHead(): Pick<EvalCommand, 'expression' | 'at'> {
    const instant = INSTANT.exec(this.head);
    if (instant !== null) {
      const [, old, time = '0s', expression = ''] = instant;
      this.expectOld(old);
      return { expression, at: { timeMs: this.timeMs(time) } };
    }
    const [, old, from, to, step, expression] = RANGE.exec(this.head) ?? [];
    if (expression === undefined) return this.fail(`invalid command: ${FORMS} is expected`);
    this.expectOld(old);
    return { expression, at: { span: this.span(from, to, step) } };
  }

  /** `eval_fail` and its like, from before there were `expect` lines. */
  private expectOld(old: string | undefined): void {
    if (old !== undefined) this.expectations.push({ kind: old as ExpectationKind });
  }

  private parseExpected(line: string): boolean {
    const range = EXPECT_RANGE.exec(line);
    if (range !== null)
      this.extras = { ...this.extras, rangeVector: this.span(range[1], range[2], range[3]) };
    else if (line.startsWith('expect string')) this.extras = { ...this.extras, text: this.parseText(line) };
    else if (/^expect\s/.test(line)) this.expectations.push(this.parseExpectation(line));
    else if (OLD_FAIL.test(line)) this.expectations.push(this.parseOldFail(line));
    else return this.parseValue(line);
    return true;
  }

  private parseValue(line: string): boolean {
    const scalar = wholeNumber(line);
    if (scalar === undefined) {
      this.series.push(parseSeriesAt(this.lines.number, line));
      return true;
    }
    this.extras = { ...this.extras, scalar };
    return false;
  }

  private parseText(line: string): string {
    const written = EXPECT_STRING.exec(line)?.[1] ?? '';
    const read = /^["'`]/.test(written) ? readString(written, 0) : undefined;
    if (read === undefined || 'fault' in read)
      return this.fail('a quoted text is expected behind "expect string"');
    return read.value;
  }

  private parseExpectation(line: string): Expectation {
    const [, kind, form, wanted = ''] = EXPECT.exec(line) ?? [];
    if (kind === undefined)
      return this.fail('invalid expect line: expect <type> [msg:|regex: <text>] is expected');
    return this.expectation(kind as ExpectationKind, form, wanted.trim());
  }

  private parseOldFail(line: string): Expectation {
    const [, form, wanted = ''] = OLD_FAIL.exec(line) ?? [];
    return this.expectation('fail', form === 'regexp' ? 'regex' : 'msg', wanted.trim());
  }

  private expectation(kind: ExpectationKind, form: string | undefined, wanted: string): Expectation {
    if (form === undefined) return { kind };
    if (form === 'msg') return { kind, accepts: { shown: wanted, test: (text) => text === wanted } };
    const pattern = this.compile(wanted);
    return { kind, accepts: { shown: wanted, test: (text) => pattern.matcher(text).find() } };
  }

  private compile(pattern: string): RE2JS {
    try {
      return RE2JS.compile(pattern);
    } catch {
      return this.fail(`invalid regular expression ${JSON.stringify(pattern)}`);
    }
  }

  private span(from = '', to = '', step = ''): RangeSpan {
    const span = { fromMs: this.timeMs(from), toMs: this.timeMs(to), stepMs: this.timeMs(step) };
    if (span.toMs < span.fromMs) this.fail(`the end (${to}) is before the start (${from})`);
    if (span.stepMs <= 0) this.fail('the step must be longer than nothing');
    return span;
  }

  private timeMs(text: string): number {
    return text === '0' ? 0 : (parseDuration(text) ?? this.fail(`${JSON.stringify(text)} is not a duration`));
  }

  private fail(message: string): never {
    throw new TestScriptError(this.lines.number, message);
  }
}

function wholeNumber(line: string): number | undefined {
  const [, sign, digits = ''] = /^([+-]?)(\S+)$/.exec(line) ?? [];
  const word = digits.toLowerCase();
  const negate = sign === '-' ? -1 : 1;
  if (word === 'inf') return negate * Number.POSITIVE_INFINITY;
  if (word === 'nan') return Number.NaN;
  const read = /^[0-9.]/.test(digits) ? readNumber(digits, 0) : undefined;
  if (read === undefined || 'fault' in read || read.end !== digits.length) return undefined;
  return negate * read.value;
}

/** One noted series; what is wrong with it gets the line of the script. */
export function parseSeriesAt(line: number, text: string): NotedSeries {
  try {
    return parseSeriesNotation(text);
  } catch (error) {
    if (error instanceof PromqlError) throw new TestScriptError(line, error.message);
    throw error;
  }
}
