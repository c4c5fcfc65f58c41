import { type Matcher, Type } from '@labkeeper/core';
import { choice, shape } from '../schemas/shape.js';

/** One condition on a label, as it travels in both directions. */
export const matcherShape = shape('Matcher', {
  label: Type.String({ minLength: 1, maxLength: 200, examples: ['severity'] }),
  operator: choice(['=', '!=', '=~', '!~'], {
    description: 'Regular expressions are anchored on both sides.',
  }),
  value: Type.String({ maxLength: 10_000 }),
});

/** A condition without what nobody may change. */
export function matcherView({ label, operator, value }: Matcher) {
  return { label, operator, value };
}
