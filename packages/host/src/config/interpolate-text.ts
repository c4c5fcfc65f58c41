/** A `${…}` that stands in a text, without its braces taken apart any further than needed. */
export type Reference =
  | { readonly kind: 'env'; readonly name: string; readonly fallback: string | undefined }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'malformed'; readonly text: string };

/** What a reference turned into: its text, or undefined when there is none (the caller reports it). */
export type Lookup = (reference: Reference) => string | undefined;

export interface Interpolated {
  readonly text: string;
  /** True when the whole text was one `${…}`: only then may it become a number or a boolean later. */
  readonly whole: boolean;
  readonly references: readonly Reference[];
}

// In this order: the escape `$${`, a complete `${…}`, and an opening that is never closed.
const TOKEN = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const ENV = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;
const FILE_PREFIX = 'file:';

/**
 * Replaces every `${NAME}`, `${NAME:-default}` and `${file:path}`; `$${` stands for a plain `${`. What is put in is
 * never looked at again, so a value that happens to contain `${` stays as it is.
 */
export function interpolateText(text: string, lookup: Lookup): Interpolated {
  const references: Reference[] = [];
  const replaced = text.replace(TOKEN, (token: string, inner: string | undefined) => {
    if (token === '$${') return '${';
    const reference = parseReference(inner, token);
    references.push(reference);
    return lookup(reference) ?? '';
  });
  return { text: replaced, whole: isOneReference(text), references };
}

function parseReference(inner: string | undefined, token: string): Reference {
  if (inner === undefined) return { kind: 'malformed', text: token };
  if (inner.startsWith(FILE_PREFIX)) return parseFile(inner.slice(FILE_PREFIX.length).trim(), token);
  const match = ENV.exec(inner);
  if (!match?.[1]) return { kind: 'malformed', text: token };
  return { kind: 'env', name: match[1], fallback: match[2] };
}

function parseFile(path: string, token: string): Reference {
  return path === '' ? { kind: 'malformed', text: token } : { kind: 'file', path };
}

function isOneReference(text: string): boolean {
  return /^\$\{[^}]*\}$/.test(text);
}
