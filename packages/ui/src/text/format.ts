/** Shown where there is no number. */
export const NO_VALUE = '–';

const SECOND_MS = 1_000;
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number, string])[] = [
  ['day', 86_400_000, 'd'],
  ['hour', 3_600_000, 'h'],
  ['minute', 60_000, 'min'],
  ['second', SECOND_MS, 's'],
];
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
/** Memory and disks are told in powers of 1024 all over this field. */
const BYTE_STEP = 1024;

/** Numbers, times and units in the reader's language. */
export class Formatter {
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #dateTime: Intl.DateTimeFormat;

  constructor(readonly locale: string) {
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    this.#dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  }

  /** `12.3`: at most `digits` decimals. */
  number(value: number | null | undefined, digits = 1): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
    return new Intl.NumberFormat(this.locale, { maximumFractionDigits: digits }).format(value);
  }

  /** `46 %`, from 0 to 100. */
  percent(value: number | null | undefined): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
    const digits = value < 10 ? 1 : 0;
    return new Intl.NumberFormat(this.locale, { style: 'percent', maximumFractionDigits: digits }).format(
      value / 100,
    );
  }

  /** `3.2 GB`. */
  bytes(value: number | null | undefined): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
    const exponent =
      value < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log(value) / Math.log(BYTE_STEP)));
    const scaled = value / BYTE_STEP ** exponent;
    const maximumFractionDigits = exponent === 0 || scaled >= 100 ? 0 : 1;
    const unit = BYTE_UNITS[exponent] ?? 'byte';
    return new Intl.NumberFormat(this.locale, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits,
    }).format(scaled);
  }

  /** `3.2 MB/s`. */
  bytesPerSecond(value: number | null | undefined): string {
    const bytes = this.bytes(value);
    return bytes === NO_VALUE ? bytes : `${bytes}/s`;
  }

  /** `84 ms`, `1.2 s`. */
  latency(ms: number | null | undefined): string {
    if (ms === null || ms === undefined || !Number.isFinite(ms)) return NO_VALUE;
    const [value, unit] = ms < SECOND_MS ? [ms, 'millisecond'] : [ms / SECOND_MS, 'second'];
    const maximumFractionDigits = value < 10 ? 1 : 0;
    return new Intl.NumberFormat(this.locale, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits,
    }).format(value);
  }

  /** `12 d 4 h`: the two largest units. */
  duration(ms: number | null | undefined): string {
    if (ms === null || ms === undefined || !Number.isFinite(ms)) return NO_VALUE;
    const parts: string[] = [];
    let rest = Math.max(0, ms);
    for (const [, unitMs, symbol] of UNITS) {
      const count = Math.floor(rest / unitMs);
      if (count > 0) parts.push(`${this.number(count, 0)} ${symbol}`);
      else if (parts.length > 0) break;
      rest -= count * unitMs;
      if (parts.length === 2) break;
    }
    return parts.length === 0 ? `0 ${UNITS.at(-1)?.[2] ?? 's'}` : parts.join(' ');
  }

  /** `5 minutes ago`. */
  ago(time: string | null | undefined, nowMs: number): string {
    const atMs = time ? Date.parse(time) : Number.NaN;
    if (Number.isNaN(atMs)) return NO_VALUE;
    const differenceMs = Math.min(0, atMs - nowMs);
    const [unit, unitMs] = UNITS.find(([, size]) => -differenceMs >= size) ?? ['second', SECOND_MS];
    return this.#relative.format(Math.round(differenceMs / unitMs), unit);
  }

  /** Date and time in the reader's zone. */
  dateTime(time: string | null | undefined): string {
    const atMs = time ? Date.parse(time) : Number.NaN;
    return Number.isNaN(atMs) ? NO_VALUE : this.#dateTime.format(atMs);
  }
}

/** In the language of the page, or else of the browser. */
export function pageFormatter(): Formatter {
  const language = document.documentElement.lang || navigator.language;
  try {
    return new Formatter(language);
  } catch {
    // A page may claim any language tag.
    return new Formatter('en');
  }
}
