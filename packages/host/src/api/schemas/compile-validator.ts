import { type Fault, LabkeeperError, type TSchema } from '@labkeeper/core';
import { checkOptions, schemaNode } from '@labkeeper/core/runtime';

/** A message that lists more faults than this is not read; the rest is counted. */
const SHOWN_FAULTS = 20;

const WORDS: Readonly<Record<string, string>> = { querystring: 'The query', params: 'The address' };

/** What is validated, as the framework says it. */
interface Part {
  readonly schema: TSchema;
  readonly httpPart?: string;
}

/**
 * The framework's validator compiler. Bodies are taken as they are: nothing is coerced, filled in or dropped. Queries
 * and paths arrive as texts, so numbers among them are read first. All faults are told together.
 */
export function compileValidator({ schema, httpPart }: Part) {
  const isText = httpPart === 'querystring' || httpPart === 'params';
  const what = WORDS[httpPart ?? ''] ?? 'The body';
  return (data: unknown): { value: unknown } | { error: Error } => {
    const value = isText ? readTexts(schema, data as Record<string, unknown>) : data;
    const faults = checkOptions(schema, value);
    return faults.length === 0 ? { value } : { error: validationError(faults, what) };
  };
}

/** Numbers and booleans out of the texts of a query, where the schema wants them. A text that is none is left to fail. */
function readTexts(schema: TSchema, texts: Record<string, unknown>): Record<string, unknown> {
  const read: Record<string, unknown> = { ...texts };
  for (const [name, { type }] of Object.entries(schemaNode(schema).properties ?? {})) {
    const text = texts[name];
    if (
      (type === 'integer' || type === 'number') &&
      typeof text === 'string' &&
      /^-?\d+(\.\d+)?$/.test(text)
    ) {
      read[name] = Number(text);
    }
  }
  return read;
}

function validationError(faults: readonly Fault[], what: string): LabkeeperError {
  const shown = faults.slice(0, SHOWN_FAULTS).map(describeFault);
  const rest = faults.length > SHOWN_FAULTS ? [`and ${faults.length - SHOWN_FAULTS} more`] : [];
  const field = faults.map(fieldOf).find((name) => name !== '');
  const message = `${what} does not fit: ${[...shown, ...rest].join('; ')}.`;
  return new LabkeeperError('VALIDATION_ERROR', message, field === undefined ? {} : { field });
}

function describeFault(fault: Fault): string {
  const where =
    fault.path.length > 0 && fault.code !== 'CONFIG_UNKNOWN_KEY' ? `${fault.path.join('.')}: ` : '';
  const meant = fault.nearest === undefined ? '' : ` (did you mean '${fault.nearest}'?)`;
  return `${where}${fault.message}${meant}`;
}

/** Name of the field that a form would mark: a missing one is named in the message, its path is that of the object. */
function fieldOf(fault: Fault): string {
  const missing =
    fault.code === 'CONFIG_MISSING_KEY' ? /^'(.+)' is missing$/.exec(fault.message)?.[1] : undefined;
  return [...fault.path, ...(missing === undefined ? [] : [missing])].join('.');
}
