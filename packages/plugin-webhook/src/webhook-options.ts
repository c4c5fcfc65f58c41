import { type OptionsOf, optionsObject, secretOption, Type } from '@labkeeper/core';

const tls = optionsObject(
  {
    trust: Type.Union([Type.Literal('verify'), Type.Literal('insecure')], {
      description: '`insecure` accepts every certificate: whoever is in between can read what is sent.',
      default: 'verify',
    }),
    ca: Type.Optional(
      Type.String({
        description: 'PEM text of an additional authority, in the file as a block or by the name of a file.',
        pattern: '-----BEGIN CERTIFICATE-----',
        examples: ['-----BEGIN CERTIFICATE-----…'],
      }),
    ),
    fingerprint: Type.Optional(
      Type.String({
        description: 'SHA-256 of the one certificate to trust, as hexadecimal pairs.',
        pattern: '^([0-9A-Fa-f]{2}:?){32}$',
        examples: ['0D:56:D0:…'],
      }),
    ),
    server_name: Type.Optional(
      Type.String({
        description: 'Name that the certificate must be for, when it is not the one in the address.',
        minLength: 1,
      }),
    ),
  },
  { description: 'Whom to trust.', default: {} },
);

export const webhookOptions = optionsObject({
  url: secretOption({
    description: 'Address to send to. It often holds a token, so it is kept secret.',
  }),
  method: Type.Union(
    (['POST', 'PUT', 'PATCH'] as const).map((method) => Type.Literal(method)),
    { description: 'HTTP method.', default: 'POST' },
  ),
  format: Type.Optional(
    Type.Union([Type.Literal('labkeeper'), Type.Literal('alertmanager'), Type.Literal('template')], {
      description:
        '`labkeeper`: the JSON described below. `alertmanager`: the JSON that Alertmanager sends, for receivers that know it. `template`: what `body` says. Default: `template` with a `body`, otherwise `labkeeper`.',
    }),
  ),
  body: Type.Optional(
    Type.String({
      description:
        'Template of the body, in the language of Go’s text/template. It sees the fields of the JSON described below; `toJson` writes one of them as JSON.',
      minLength: 1,
      maxLength: 65_536,
    }),
  ),
  content_type: Type.String({
    description: 'Media type of the body. A template for JSON is tried out when the configuration is read.',
    pattern: '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; ?[A-Za-z0-9_-]+=[A-Za-z0-9._-]+)*$',
    default: 'application/json',
    examples: ['application/json', 'text/plain; charset=utf-8'],
  }),
  headers: Type.Record(Type.String(), Type.String(), {
    description: 'Headers to send, by name.',
    default: {},
  }),
  secret_headers: Type.Record(Type.String(), secretOption({ description: 'Value of the header.' }), {
    description: 'Headers whose values nobody may see, such as an API key.',
    default: {},
  }),
  basic_auth: Type.Optional(
    optionsObject(
      {
        username: Type.String({ description: 'Name of the user.', minLength: 1 }),
        password: secretOption({ description: 'Password of the user.' }),
      },
      { description: 'Credentials for HTTP basic authentication.' },
    ),
  ),
  bearer_token: Type.Optional(secretOption({ description: 'Token, sent as `Authorization: Bearer`.' })),
  secret: Type.Optional(
    secretOption({ description: 'Key to sign each message with; the receiver has the same one.' }),
  ),
  tls,
});

export type WebhookOptions = OptionsOf<typeof webhookOptions>;

/** The form of the body, with the default filled in that depends on another option. */
export function formatOf({ format, body }: WebhookOptions): 'labkeeper' | 'alertmanager' | 'template' {
  return format ?? (body === undefined ? 'labkeeper' : 'template');
}
