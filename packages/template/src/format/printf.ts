import { type TemplateValue, typeName } from '../value.js';
import type { FormatSpec } from './format-spec.js';
import { formatValue, showValue } from './format-value.js';

/** Widths and precisions beyond this are refused in the text, as Go refuses those beyond a million. */
const MAX_SIZE = 10_000;
const FLAGS = /[-+# 0]*/y;
const ARGUMENT_INDEX = /\[([^\]]*)\]/y;
const DIGITS = /\d+/y;

/** Go's `fmt.Sprintf`. Never throws: faults of the format stand in the result as `%!d(string=x)`. */
export function printf(format: string, values: readonly TemplateValue[]): string {
  return new Printer(format, values).print();
}

/** Go's `fmt.Sprint`: a space between two values when neither is a text. */
export function print(values: readonly TemplateValue[]): string {
  let text = '';
  values.forEach((value, index) => {
    const isApart = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    text += (isApart ? ' ' : '') + showValue(value);
  });
  return text;
}

/** Go's `fmt.Sprintln`. */
export function println(values: readonly TemplateValue[]): string {
  return `${values.map(showValue).join(' ')}\n`;
}

class Printer {
  #offset = 0;
  #next = 0;
  #isReordered = false;
  #isIndexGood = true;

  constructor(
    private readonly format: string,
    private readonly values: readonly TemplateValue[],
  ) {}

  print(): string {
    let text = '';
    while (this.#offset < this.format.length) {
      const percent = this.format.indexOf('%', this.#offset);
      text += this.format.slice(this.#offset, percent < 0 ? undefined : percent);
      if (percent < 0) break;
      this.#offset = percent + 1;
      text += this.#directive();
    }
    return text + this.#leftOver();
  }

  #directive(): string {
    this.#isIndexGood = true;
    const flags = new Set(this.#take(FLAGS)?.[0] ?? '');
    this.#argumentIndex();
    const width = this.#size();
    // A negative width given as a value means the flag and its size.
    if (width.value !== undefined && width.value < 0) flags.add('-');
    const precision = this.#precision();
    this.#argumentIndex();
    const verb = String.fromCodePoint(this.format.codePointAt(this.#offset) ?? 0);
    if (this.#offset >= this.format.length) return `${width.fault}${precision.fault}%!(NOVERB)`;
    this.#offset += verb.length;
    const spec: FormatSpec = {
      verb,
      flags,
      ...(width.value !== undefined && { width: Math.abs(width.value) }),
      ...(precision.value !== undefined && { precision: precision.value }),
    };
    return width.fault + precision.fault + this.#value(spec);
  }

  #value(spec: FormatSpec): string {
    if (spec.verb === '%') return '%';
    if (!this.#isIndexGood) return `%!${spec.verb}(BADINDEX)`;
    if (this.#next >= this.values.length) return `%!${spec.verb}(MISSING)`;
    return formatValue(this.values[this.#next++], spec);
  }

  #precision(): { value?: number; fault: string } {
    if (this.format.charAt(this.#offset) !== '.') return { fault: '' };
    this.#offset++;
    this.#argumentIndex();
    const { value = 0, fault } = this.#size('PREC');
    return value < 0 ? { fault: '%!(BADPREC)' } : { value, fault };
  }

  /** Digits, or `*` for the next value. */
  #size(kind: 'WIDTH' | 'PREC' = 'WIDTH'): { value?: number; fault: string } {
    if (this.format.charAt(this.#offset) !== '*') {
      const digits = this.#take(DIGITS)?.[0];
      if (digits === undefined) return { fault: '' };
      return Number(digits) > MAX_SIZE ? { fault: `%!(BAD${kind})` } : { value: Number(digits), fault: '' };
    }
    this.#offset++;
    const value = this.values[this.#next++];
    const isSize = typeof value === 'bigint' && value <= MAX_SIZE && value >= -MAX_SIZE;
    return isSize ? { value: Number(value), fault: '' } : { fault: `%!(BAD${kind})` };
  }

  /** `[2]` takes the second value from here on. */
  #argumentIndex(): void {
    const found = this.#take(ARGUMENT_INDEX);
    if (!found) return;
    this.#isReordered = true;
    const index = Number(found[1]);
    if (Number.isInteger(index) && index >= 1 && index <= this.values.length) this.#next = index - 1;
    else this.#isIndexGood = false;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.format);
    if (!found) return undefined;
    this.#offset += found[0].length;
    return found;
  }

  #leftOver(): string {
    if (this.#isReordered || this.#next >= this.values.length) return '';
    const shown = this.values
      .slice(this.#next)
      .map((value) =>
        value === null || value === undefined ? '<nil>' : `${typeName(value)}=${showValue(value)}`,
      );
    return `%!(EXTRA ${shown.join(', ')})`;
  }
}
