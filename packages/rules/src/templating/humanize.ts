import { formatFloat, type TemplateValue, typeName } from '@labkeeper/template';

const LARGE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, infinity: Infinity };

/** The number that a template function was given; texts that hold one count. Throws for anything else. */
export function toNumber(value: TemplateValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') throw new Error(`can't convert ${typeName(value)} to float`);
  if (NUMBER.test(value)) return Number(value);
  const special = SPECIAL[value.replace(/^[+-]/, '').toLowerCase()];
  if (special === undefined)
    throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
  return value.startsWith('-') ? -special : special;
}

/** Four significant digits: what all of these functions print. */
const short = (value: number): string => formatFloat(value, 'g', 4);

/** With the prefixes of the metric system: 1234567 is `1.235M`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return short(value);
  return Math.abs(value) >= 1 ? withPrefix(value, 1000, LARGE) : withSmallPrefix(value);
}

/** With binary prefixes: 2048 is `2ki`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return short(value);
  return withPrefix(value, 1024, BINARY);
}

function withPrefix(value: number, base: number, prefixes: readonly string[]): string {
  let rest = value;
  let prefix = '';
  for (const next of prefixes) {
    if (Math.abs(rest) < base) break;
    prefix = next;
    rest /= base;
  }
  return short(rest) + prefix;
}

function withSmallPrefix(value: number): string {
  let rest = value;
  let prefix = '';
  for (const next of SMALL) {
    if (Math.abs(rest) >= 1) break;
    prefix = next;
    rest *= 1000;
  }
  return short(rest) + prefix;
}

/** Seconds in words: 3661 is `1h 1m 1s`. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return short(seconds);
  if (seconds === 0) return `${short(seconds)}s`;
  if (Math.abs(seconds) < 1) return `${withSmallPrefix(seconds)}s`;
  return (seconds < 0 ? '-' : '') + durationParts(Math.abs(seconds));
}

function durationParts(seconds: number): string {
  const whole = Math.trunc(seconds);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3_600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days > 0) return `${days}d ${hours}h ${minutes}m ${whole % 60}s`;
  if (hours > 0) return `${hours}h ${minutes}m ${whole % 60}s`;
  if (minutes > 0) return `${minutes}m ${whole % 60}s`;
  return `${short(seconds)}s`;
}

/** A ratio: 0.5 is `50%`. */
export function humanizePercentage(ratio: number): string {
  return `${short(ratio * 100)}%`;
}
