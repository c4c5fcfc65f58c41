/** A number as Prometheus writes values: all digits, never an exponent. Go's `strconv.FormatFloat(value, 'f', -1, 64)`. */
export function formatPlain(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  return text.includes('e') ? withoutExponent(text) : text;
}

/** The shortest digits that give the number again, with the point moved to where the exponent says. */
function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const digits = whole + fraction;
  const places = Number(exponent);
  if (places < 0) return `${sign}0.${'0'.repeat(-places - 1)}${digits}`;
  return `${sign}${digits.padEnd(places + 1, '0')}`;
}

/** Go's `%g`. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) return twoDigitExponent(value.toExponential());
  return String(value);
}

function twoDigitExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** The same with at least one digit behind the point, as OpenMetrics writes numbers in labels. */
export function formatOpenMetrics(value: number): string {
  const text = formatShort(value);
  return /[.eIN]/.test(text) ? text : `${text}.0`;
}
