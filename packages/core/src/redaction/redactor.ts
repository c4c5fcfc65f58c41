import { Secret, type Secrets } from '../contract/secret.js';

/**
 * Shorter texts are not replaced: they turn up by chance (`true`, `8080`), and a log full of `[secret]` would tell
 * where they do. A secret that short protects nothing anyway.
 */
const SHORTEST_SECRET = 6;
const SHOWN = '[secret]';
/** A log field nested deeper is cut off; it also ends circles. */
const DEEPEST = 8;

/** Keeps secrets out of everything that is shown. The last line of defence; the first is {@link Secret}. */
export interface Redactor extends Secrets {
  /** The text with every protected text replaced, in its plain, URL-encoded, JSON-escaped and Base64 forms. */
  redact(text: string): string;
  /** The same for every text within a value; other things than plain data become texts. For log fields and JSON. */
  redactValue(value: unknown): unknown;
}

/** Makes a redactor without secrets. One per process, shared by log, API, engine and plugins. */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  const protect = (text: string) => {
    const before = forms.size;
    if (text.length >= SHORTEST_SECRET) for (const form of formsOf(text)) forms.add(form);
    // Compiled at the next use: at the start many secrets come one after the other.
    if (forms.size !== before) pattern = undefined;
    return text;
  };
  const redact = (text: string) => {
    if (forms.size === 0) return text;
    pattern ??= compile(forms);
    return text.replace(pattern, SHOWN);
  };
  return { protect, redact, redactValue: (value) => redactDeep(value, redact, 0) };
}

/** The longest first, so that a secret within another one leaves no rest. */
function compile(forms: ReadonlySet<string>): RegExp {
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}

function formsOf(text: string): readonly string[] {
  const base64 = Buffer.from(text).toString('base64');
  return [
    text,
    encodeURIComponent(text),
    encodeURI(text),
    JSON.stringify(text).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(text).toString('base64url'),
  ].filter((form) => form.length >= SHORTEST_SECRET);
}

function redactDeep(value: unknown, redact: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return SHOWN;
  if (value instanceof Error) return redactError(value, redact, depth);
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact, depth + 1));
  const shown: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) shown[redact(key)] = redactDeep(item, redact, depth + 1);
  return shown;
}

function redactError(error: Error, redact: (text: string) => string, depth: number): unknown {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  return {
    name,
    message: redact(message),
    ...code,
    ...(stack === undefined ? {} : { stack: redact(stack) }),
    ...(cause === undefined || depth >= DEEPEST ? {} : { cause: redactDeep(cause, redact, depth + 1) }),
  };
}
