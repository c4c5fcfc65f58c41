import { type Static, Type } from '@labkeeper/core';
import { shape } from '../schemas/shape.js';

/** The body of every answer that is not a success (S2 §4). */
export const errorShape = shape('Error', {
  detail: Type.Object(
    {
      code: Type.String({
        description: 'Stable. The error reference explains each.',
        examples: ['NOT_FOUND'],
      }),
      message: Type.String({ description: 'For people.' }),
      field: Type.Optional(Type.String({ description: 'The field it is about.' })),
    },
    { additionalProperties: false },
  ),
});

export type ErrorBody = Static<typeof errorShape>;
