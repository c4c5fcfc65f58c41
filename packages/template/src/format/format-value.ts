import {
  isList,
  isMap,
  sortedKeys,
  TemplateStruct,
  type TemplateValue,
  typeName,
  valueAt,
} from '../value.js';
import { type FloatVerb, formatFloat } from './format-float.js';
import { type FormatSpec, pad, padNumber, signOf } from './format-spec.js';
import { quoteText } from './quote.js';

/** Lists within lists: JSON of a webhook may nest; deeper ones print as `...`. */
const MAX_DEPTH = 50;
const DEFAULT_FLOAT_PRECISION = 6;
const PLAIN: FormatSpec = { verb: 'v', flags: new Set() };
const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, O: 8, x: 16, X: 16, d: 10, v: 10 };
const RADIX_PREFIX: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

/** A value as `%v` prints it. */
export function showValue(value: TemplateValue): string {
  return formatValue(value, PLAIN);
}

/** A value by one directive, as Go's package fmt prints it; a verb that does not fit is told of in the text, as Go does. */
export function formatValue(value: TemplateValue, spec: FormatSpec, depth = 0): string {
  if (spec.verb === 'T') return pad(typeName(value), spec);
  if (value === null || value === undefined)
    return spec.verb === 'v' ? pad('<nil>', spec) : `%!${spec.verb}(<nil>)`;
  if (depth > MAX_DEPTH) return '...';
  if (value instanceof TemplateStruct) return formatStruct(value, spec, depth);
  if (isList(value)) return `[${value.map((item) => formatValue(item, spec, depth + 1)).join(' ')}]`;
  if (isMap(value)) return formatMap(value, spec, depth);
  return formatScalar(value, spec) ?? wrongVerb(value, spec);
}

function wrongVerb(value: TemplateValue, spec: FormatSpec): string {
  return `%!${spec.verb}(${typeName(value)}=${formatValue(value, { ...spec, verb: 'v' })})`;
}

function formatStruct(value: TemplateStruct, spec: FormatSpec, depth: number): string {
  if (value.shown !== undefined) return formatValue(value.shown, spec);
  const items = Object.values(value.fields).filter((item) => typeof item !== 'function');
  return `{${items.map((item) => formatValue(item, spec, depth + 1)).join(' ')}}`;
}

function formatMap(value: Parameters<typeof sortedKeys>[0], spec: FormatSpec, depth: number): string {
  const items = sortedKeys(value).map(
    (key) => `${formatValue(key, spec)}:${formatValue(valueAt(value, key), spec, depth + 1)}`,
  );
  return `map[${items.join(' ')}]`;
}

function formatScalar(value: TemplateValue, spec: FormatSpec): string | undefined {
  switch (typeof value) {
    case 'string':
      return formatText(value, spec);
    case 'number':
      return formatNumber(value, spec);
    case 'bigint':
      return formatWhole(value, spec);
    case 'boolean':
      return spec.verb === 'v' || spec.verb === 't' ? pad(String(value), spec) : undefined;
    default:
      return spec.verb === 'v' ? 'func' : undefined;
  }
}

function formatText(value: string, spec: FormatSpec): string | undefined {
  const { verb, flags, precision } = spec;
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('');
  switch (verb) {
    case 'v':
    case 's':
      return pad(cut, spec);
    case 'q': {
      const isRaw = flags.has('#') && !/[`\p{Cc}]/u.test(cut);
      return pad(isRaw ? `\`${cut}\`` : quoteText(cut, '"', flags.has('+')), spec);
    }
    case 'x':
    case 'X':
      return pad(hexBytes(value, spec), spec);
    default:
      return undefined;
  }
}

function hexBytes(value: string, { verb, flags, precision }: FormatSpec): string {
  const bytes = [...Buffer.from(value).subarray(0, precision)].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  const prefix = flags.has('#') && bytes.length > 0 ? '0x' : '';
  const text = flags.has(' ') ? bytes.map((byte) => prefix + byte).join(' ') : prefix + bytes.join('');
  return verb === 'X' ? text.toUpperCase() : text;
}

function formatNumber(value: number, spec: FormatSpec): string | undefined {
  const { verb, flags, precision } = spec;
  const form = verb === 'v' ? 'g' : verb.toLowerCase();
  if (!['e', 'f', 'g'].includes(form)) return undefined;
  const places = precision ?? (form === 'g' ? undefined : DEFAULT_FLOAT_PRECISION);
  const text = formatFloat(value, form as FloatVerb, places);
  if (!Number.isFinite(value)) return formatUnbounded(text, spec);
  const isNegative = text.startsWith('-');
  const digits = isNegative ? text.slice(1) : text;
  const shown = verb === 'E' || verb === 'G' ? digits.toUpperCase() : digits;
  return padNumber(signOf(isNegative, flags), shown, spec);
}

/** Infinities always have their sign, and never zeros in front. */
function formatUnbounded(text: string, spec: FormatSpec): string {
  const flags = new Set([...spec.flags].filter((flag) => flag !== '0'));
  const sign =
    text === 'NaN'
      ? signOf(false, flags)
      : flags.has(' ') && !flags.has('+') && text.startsWith('+')
        ? ' '
        : '';
  return pad(sign === ' ' ? sign + text.replace('+', '') : sign + text, { ...spec, flags });
}

function formatWhole(value: bigint, spec: FormatSpec): string | undefined {
  const { verb, flags, precision } = spec;
  const radix = RADIX[verb];
  if (radix === undefined) return formatCharacter(value, spec);
  const size = value < 0n ? -value : value;
  const plain = size.toString(radix).padStart(precision ?? 1, '0');
  const prefix = verb === 'O' ? '0o' : flags.has('#') ? (RADIX_PREFIX[verb] ?? '') : '';
  const digits = prefix + (verb === 'X' ? plain.toUpperCase() : plain);
  // A precision says how many digits there are: zeros for the width would make more of them.
  const padding =
    precision === undefined ? spec : { ...spec, flags: new Set([...flags].filter((flag) => flag !== '0')) };
  return padNumber(signOf(value < 0n, flags), digits, padding);
}

function formatCharacter(value: bigint, spec: FormatSpec): string | undefined {
  const isCharacter = value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn);
  const character = isCharacter ? String.fromCodePoint(Number(value)) : '\ufffd';
  switch (spec.verb) {
    case 'c':
      return pad(character, spec);
    case 'q':
      return pad(quoteText(character, "'", spec.flags.has('+')), spec);
    case 'U': {
      const code = `U+${BigInt.asUintN(64, value).toString(16).toUpperCase().padStart(4, '0')}`;
      return pad(spec.flags.has('#') && isCharacter ? `${code} '${character}'` : code, spec);
    }
    default:
      return undefined;
  }
}
