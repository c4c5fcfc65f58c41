import { type OptionsOf, optionsObject, secretOption, Type } from '@labkeeper/core';
import { connectionOptions } from '@labkeeper/toolbox';

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
  ...connectionOptions,
  secret: Type.Optional(
    secretOption({ description: 'Key to sign each message with; the receiver has the same one.' }),
  ),
});

export type WebhookOptions = OptionsOf<typeof webhookOptions>;

/** The form of the body, with the default filled in that depends on another option. */
export function formatOf({ format, body }: WebhookOptions): 'labkeeper' | 'alertmanager' | 'template' {
  return format ?? (body === undefined ? 'labkeeper' : 'template');
}
