import { type OptionsOf, optionsObject, Type } from '@labkeeper/core';

/** One rule. Names, meaning and defaults are those of Prometheus, so that its rules can be copied. */
export const relabelOptions = optionsObject({
  action: Type.Union(
    [
      Type.Literal('replace'),
      Type.Literal('keep'),
      Type.Literal('drop'),
      Type.Literal('keepequal'),
      Type.Literal('dropequal'),
      Type.Literal('labelmap'),
      Type.Literal('labeldrop'),
      Type.Literal('labelkeep'),
      Type.Literal('lowercase'),
      Type.Literal('uppercase'),
      Type.Literal('hashmod'),
    ],
    { description: 'What the rule does.', default: 'replace' },
  ),
  source_labels: Type.Array(Type.String(), {
    description: 'Labels whose values, joined, are looked at. `__name__` is the name of the metric.',
    default: [],
  }),
  separator: Type.String({ description: 'Stands between the joined values.', default: ';' }),
  regex: Type.String({
    description: 'Regular expression (RE2 syntax) that must match the whole text.',
    default: '(.*)',
    maxLength: 10_000,
  }),
  target_label: Type.Optional(
    Type.String({ description: 'Label that is written or compared.', minLength: 1 }),
  ),
  replacement: Type.String({
    description:
      'What is written; `$1` is what the first group matched. Where a letter or digit follows, `$${1}` in the file.',
    default: '$1',
  }),
  modulus: Type.Optional(
    Type.Integer({ description: 'For `hashmod`: the hash is taken modulo this.', minimum: 1 }),
  ),
});

export type RelabelOptions = OptionsOf<typeof relabelOptions>;
