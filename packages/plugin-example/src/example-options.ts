import { type OptionsOf, optionsObject, secretOption, Type } from '@labkeeper/core';

// From this one schema come the TypeScript type, the checks, the defaults, the table in the README, the JSON Schema for
// editors and the settings form. So every option has a description that people will read.
export const exampleOptions = optionsObject({
  url: Type.String({
    description: 'Address of the queue, without a path.',
    pattern: '^https?://[^/\\s]+/?$',
    examples: ['http://queue.lan:8080'],
  }),
  // A secretOption reaches the plugin as a Secret: it prints as [secret] wherever it ends up by mistake.
  token: Type.Optional(secretOption({ description: 'Token for the queue’s API, sent as a bearer token.' })),
  max_waiting: Type.Integer({
    description: 'With more jobs waiting than this, the queue counts as degraded.',
    minimum: 0,
    default: 100,
  }),
});

export type ExampleOptions = OptionsOf<typeof exampleOptions>;
