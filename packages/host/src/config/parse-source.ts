import type { Fault } from '@labkeeper/core';
import { isScalar, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import { ConfigSource, stepsOf } from './config-source.js';
import { looksSecret } from './looks-secret.js';

/**
 * How often aliases may multiply what they stand for. A file of a thousand checks that share a few anchors needs a few
 * thousand; the known alias bombs need millions. Above it the file is refused as CONFIG_SYNTAX.
 */
const MAX_ALIAS_COUNT = 10_000;

export interface ParsedSource {
  readonly source: ConfigSource;
  /** Every fault of the YAML itself. With one of CONFIG_SYNTAX the rest of the file means nothing and is not looked at. */
  readonly faults: readonly Fault[];
}

/** Reads YAML 1.2 with merge keys (`<<`). Never throws for what stands in the text. */
export function parseSource(file: string, text: string): ParsedSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, prettyErrors: false, logLevel: 'silent' });
  const source = new ConfigSource(file, text, document, lineCounter);
  hideWhatLooksSecret(source);
  const faults = withoutEchoes(document.errors, document.warnings).map((error) => syntaxFault(source, error));
  if (faults.length === 0) faults.push(...aliasFaults(source));
  if (faults.some(({ code }) => code === 'CONFIG_SYNTAX')) source.hideWords();
  return { source, faults };
}

/** After a real mistake the parser finds more at every further token; only the first one is worth reading. */
function withoutEchoes(errors: readonly YAMLError[], warnings: readonly YAMLError[]): YAMLError[] {
  const broken = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  const duplicates = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  return broken ? [broken] : [...duplicates, ...warnings];
}

/** The plain value of a source whose {@link parseSource} found no fault of syntax. */
export function plainValue(source: ConfigSource): unknown {
  return source.document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }) as unknown;
}

/** An alias without an anchor, or aliases without end, show only when the value is built. */
function aliasFaults(source: ConfigSource): Fault[] {
  // Most files have none, and walking a large one takes its time.
  if (!source.text.includes('*')) return [];
  const faults: Fault[] = [];
  visit(source.document, {
    Alias(_, alias) {
      if (alias.resolve(source.document)) return;
      const position = source.positionAt(alias.range?.[0] ?? 0);
      // Not by its name: a password that begins with `*` and has no quotes looks like an alias, too.
      const message = 'This alias has no anchor before it. A text that begins with `*` needs quotes.';
      faults.push({ code: 'CONFIG_SYNTAX', path: [], message, position });
    },
  });
  return faults.length > 0 ? faults : aliasBombFault(source);
}

function aliasBombFault(source: ConfigSource): Fault[] {
  try {
    plainValue(source);
    return [];
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const message = `The aliases of this file multiply beyond ${MAX_ALIAS_COUNT} nodes.`;
    return [{ code: 'CONFIG_SYNTAX', path: [], message, position: source.positionAt(0) }];
  }
}

function syntaxFault(source: ConfigSource, error: YAMLError): Fault {
  const position = source.positionAt(error.pos[0]);
  if (error.code === 'DUPLICATE_KEY') {
    const path = pathAt(source, error.pos[0]);
    return {
      code: 'CONFIG_DUPLICATE_KEY',
      path,
      message: `\`${path.at(-1) ?? ''}\` stands twice in the same mapping.`,
      position,
    };
  }
  return { code: 'CONFIG_SYNTAX', path: [], message: explain(source, error), position };
}

const EXPLAINED: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'A text with a colon and a space needs quotes; as it is, it looks like a mapping inside a line.',
  TAB_AS_INDENT: 'Tabs may not indent; use spaces.',
  MULTIPLE_DOCS: 'The file holds several documents (`---`); Labkeeper reads one.',
  BAD_SCALAR_START: 'A text that begins with this character needs quotes.',
  TAG_RESOLVE_FAILED: 'Tags such as `!secret` are not known here; take ${NAME} or ${file:PATH}.',
};

function explain({ text }: ConfigSource, error: YAMLError): string {
  const [at] = error.pos;
  if (text.slice(at - 1, at + 1) === '${') return "Inside { } or [ ] a reference needs quotes: '${NAME}'.";
  // Behind a colon the parser quotes the file, and what stands there may be a secret.
  return EXPLAINED[error.code] ?? `${error.message.split(': ')[0] ?? ''}.`;
}

/** Path of the key that begins at `offset`. The parser reports where, not which. */
function pathAt(source: ConfigSource, offset: number): (string | number)[] {
  let found: (string | number)[] = [];
  visit(source.document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      found = [...stepsOf(ancestors), String(pair.key.value)];
      return visit.BREAK;
    },
  });
  return found;
}

/** Before anything is known of the keys: what stands under `token:` or `webhook:` is not for showing. */
function hideWhatLooksSecret(source: ConfigSource): void {
  visit(source.document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || !isScalar(pair.value) || isReference(pair.value.value)) return;
      if (looksSecret(String(pair.key.value))) source.hideNode(pair.value);
    },
  });
}

/** `${NAME}` tells nothing, and people need to see which name it is. */
function isReference(value: unknown): boolean {
  return typeof value === 'string' && /^\$\{[\w./:-]*\}$/.test(value);
}
