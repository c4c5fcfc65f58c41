import {
  type Static,
  type TObject,
  type TObjectOptions,
  type TProperties,
  type TSchema,
  type TUnsafe,
  Type,
} from 'typebox';
import { DURATION_PATTERN } from '../model/duration.js';
import type { Secret } from './secret.js';

export { type Static, type TSchema, Type };

/** The key under which a schema says what a plain JSON type really means. Read by the loader, the docs and the settings form. */
export const SCHEMA_ROLE = 'x-labkeeper';

/** Texts and limits shown with an option. */
export interface OptionText {
  readonly description: string;
}

/**
 * A duration option in the Prometheus notation (`10s`, `1h30m`). Its value stays text; take the number with `durationMs`.
 */
export function durationOption(options: OptionText & { default?: string }) {
  return Type.String({
    ...options,
    pattern: DURATION_PATTERN,
    minLength: 2,
    examples: ['10s', '1h30m'],
    [SCHEMA_ROLE]: 'duration',
  });
}

/**
 * A secret option: a token, a password, a webhook address. The plugin gets a {@link Secret}, which prints as `[secret]`
 * wherever it ends up; `reveal()` gives the text for the one place that needs it. In the file it is text.
 */
export function secretOption(options: OptionText): TUnsafe<Secret> {
  return Type.Unsafe<Secret>(Type.String({ ...options, minLength: 1, [SCHEMA_ROLE]: 'secret' }));
}

/** Object options that refuse unknown keys, so that a misspelt option is a fault and not silence. */
export function optionsObject<Properties extends TProperties>(
  properties: Properties,
  options: TObjectOptions = {},
): TObject<Properties> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** The value type of a schema. */
export type OptionsOf<Schema extends TSchema> = Static<Schema>;
