import type { Matcher } from '@labkeeper/core';
import type { AtModifier } from './expression.js';
import { quoteText } from './go-quote.js';

const UNITS_MS: readonly (readonly [unit: string, lengthMs: number, onlyWhole: boolean])[] = [
  ['y', 31_536_000_000, true],
  ['w', 604_800_000, true],
  ['d', 86_400_000, false],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1_000, false],
  ['ms', 1, false],
];
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A duration as Prometheus prints it: years and weeks only where nothing remains (`1w`, but `8d`). Negative ones with a sign. */
export function formatDurationMs(totalMs: number): string {
  if (totalMs < 0) return `-${formatDurationMs(-totalMs)}`;
  let rest = totalMs;
  let text = '';
  for (const [unit, lengthMs, onlyWhole] of UNITS_MS) {
    if (onlyWhole && rest % lengthMs !== 0) continue;
    const count = Math.floor(rest / lengthMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * lengthMs;
  }
  return text === '' ? '0s' : text;
}

/** A number without exponent, in as few digits as lead back to it (Go's `FormatFloat(value, 'f', -1, 64)`). */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [digits = '0', exponent] = String(Math.abs(value)).split('e');
  return sign + (exponent === undefined ? digits : shiftPoint(digits, Number(exponent)));
}

function shiftPoint(digits: string, exponent: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  if (exponent < 0) return `0.${'0'.repeat(-exponent - whole.length)}${whole}${fraction}`;
  return `${whole}${fraction}${'0'.repeat(exponent - fraction.length)}`;
}

/** ` @ 100.000`, ` @ start()`, or nothing. */
export function formatAt(at: AtModifier | undefined): string {
  if (at === undefined) return '';
  return at.kind === 'time' ? ` @ ${(at.timeMs / 1000).toFixed(3)}` : ` @ ${at.kind}()`;
}

/** ` offset 5m`, or nothing. */
export function formatOffset(offsetMs: number): string {
  return offsetMs === 0 ? '' : ` offset ${formatDurationMs(offsetMs)}`;
}

/** Labels of a clause, those that are no plain names in quotes. */
export function formatLabels(labels: readonly string[]): string {
  return labels.map(formatLabel).join(', ');
}

/** One condition, as in `{…}`. */
export function formatMatcher({ label, operator, value }: Matcher): string {
  return `${formatLabel(label)}${operator}${quoteText(value)}`;
}

function formatLabel(label: string): string {
  return PLAIN_LABEL.test(label) ? label : quoteText(label);
}
