import { durationOption, type OptionsOf, optionsObject, Type } from '@labkeeper/core';
import { connectionOptions } from '@labkeeper/toolbox';

const statusText = Type.String({
  description: 'A class such as `2xx`, a range such as `200-299`, or a code.',
  pattern: '^([1-5]xx|[1-5][0-9]{2}(-[1-5][0-9]{2})?)$',
  examples: ['2xx', '200-299', '404'],
});
const statusCode = Type.Integer({ description: 'A code.', minimum: 100, maximum: 599 });

/** What may be asked of one value, of a header or in a JSON body. All that are given must hold. */
const conditions = {
  equals: Type.Optional(
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], {
      description: 'Is exactly this. Headers are compared as text.',
    }),
  ),
  contains: Type.Optional(Type.String({ description: 'Contains this text.', minLength: 1 })),
  matches: Type.Optional(
    Type.String({ description: 'Matches this regular expression (RE2 syntax) somewhere.', minLength: 1 }),
  ),
  exists: Type.Optional(Type.Boolean({ description: 'Is there, or with `false` is not there.' })),
  min: Type.Optional(Type.Number({ description: 'Is a number and at least this.' })),
  max: Type.Optional(Type.Number({ description: 'Is a number and at most this.' })),
};

const valueConditions = optionsObject(conditions);
const jsonConditions = optionsObject({
  path: Type.String({
    description: 'JSONPath (RFC 9535) of the value, such as `$.data[0].state`.',
    minLength: 1,
  }),
  ...conditions,
});

const expectations = optionsObject(
  {
    status: Type.Optional(
      Type.Union(
        [statusCode, statusText, Type.Array(Type.Union([statusCode, statusText]), { minItems: 1 })],
        {
          description:
            'Status of the answer: `200`, `2xx`, `200-299`, or a list of these. Default: `2xx`, with `redirect` `3xx`.',
        },
      ),
    ),
    redirect: Type.Optional(
      Type.String({
        description: 'The answer must redirect to this address, absolute or from `/`. It is not followed.',
        pattern: '^(https?://|/)\\S*$',
        examples: ['/login', 'https://cloud.example.com/'],
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), valueConditions]), {
        description:
          'Headers of the answer by name: the exact text, or a mapping with `equals`, `contains`, `matches`, `exists`, `min`, `max`.',
      }),
    ),
    body_contains: Type.Optional(
      Type.String({ description: 'Text that must be in the body.', minLength: 1 }),
    ),
    body_not_contains: Type.Optional(
      Type.String({ description: 'Text that must not be in the body.', minLength: 1 }),
    ),
    body_matches: Type.Optional(
      Type.String({
        description: 'Regular expression (RE2 syntax) that must match somewhere in the body.',
        minLength: 1,
      }),
    ),
    json: Type.Optional(
      Type.Array(jsonConditions, {
        description:
          'Conditions on values of a JSON body. Every value that the path selects must meet them; selecting none is a fault.',
        minItems: 1,
      }),
    ),
    max_latency: Type.Optional(durationOption({ description: 'Slower than this counts as degraded.' })),
    tls_days_left: Type.Optional(
      Type.Integer({
        description:
          'Fewer days until a certificate of the chain ends count as degraded. Default: 14, or a third of the certificate’s lifetime where that is shorter. 0: only the end itself counts.',
        minimum: 0,
      }),
    ),
  },
  { description: 'What a good answer looks like.', default: {} },
);

export const httpOptions = optionsObject({
  url: Type.String({
    description: 'Address to ask. Credentials go into `basic_auth` or `bearer_token`.',
    pattern: '^https?://\\S+$',
    examples: ['https://cloud.example.com/status.php'],
  }),
  method: Type.Union(
    (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).map((method) =>
      Type.Literal(method),
    ),
    { description: 'HTTP method.', default: 'GET' },
  ),
  ...connectionOptions,
  body: Type.Optional(Type.String({ description: 'Body to send, with a `content-type` among the headers.' })),
  expect: expectations,
  max_redirects: Type.Integer({
    description:
      'Redirects to follow; with 0 the redirect is the answer. Secrets are not sent to another origin.',
    minimum: 0,
    maximum: 20,
    default: 5,
  }),
  ip: Type.Union([Type.Literal('any'), Type.Literal(4), Type.Literal(6)], {
    description:
      'Version of the Internet Protocol. `any` takes whichever connects first, version 6 preferred.',
    default: 'any',
  }),
  retries: Type.Integer({
    description: 'Further tries within one run before it counts as down. The time-out is shared among them.',
    minimum: 0,
    maximum: 10,
    default: 0,
  }),
  retry_after: durationOption({ description: 'Pause before a further try.', default: '1s' }),
  max_body_bytes: Type.Integer({
    description: 'Reading the body stops here; what follows is not looked at.',
    minimum: 1,
    maximum: 64 * 1024 * 1024,
    default: 1024 * 1024,
  }),
  metrics: Type.Union([Type.Literal('minimal'), Type.Literal('standard'), Type.Literal('all')], {
    description:
      'How much to record of each run: `minimal` the status, `standard` also phases and certificate, `all` everything that blackbox_exporter reports.',
    default: 'standard',
  }),
});

export type HttpOptions = OptionsOf<typeof httpOptions>;
export type Conditions = OptionsOf<typeof valueConditions>;
