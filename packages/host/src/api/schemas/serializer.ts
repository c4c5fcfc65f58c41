import { createRequire } from 'node:module';
import type { TSchema } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import type build from 'fast-json-stringify';
import { redactJson } from './redact-json.js';

const require = createRequire(import.meta.url);

/** JSON of a value. Keys that the schema does not know are left out, secrets are replaced. */
export type Serialize = (value: unknown) => string;

/**
 * A serializer for one schema. Made at its first use: compiling all of them, and loading the compiler, would hold up the
 * start for what may never be asked.
 */
export function serializerFor(schema: TSchema, redactor: Redactor): Serialize {
  let stringify: ((value: unknown) => string) | undefined;
  return (value) => {
    stringify ??= compile(schema);
    return redactJson(stringify(value), redactor);
  };
}

function compile(schema: TSchema): (value: unknown) => string {
  const compileSchema = require('fast-json-stringify') as typeof build;
  return compileSchema(schema as Parameters<typeof build>[0]);
}
