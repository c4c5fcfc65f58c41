import { type OptionsOf, optionsObject, secretOption, Type } from '@labkeeper/core';

/** `name@example.org` or `Some Name <name@example.org>`, in one line and without quotes. */
const MAILBOX_PATTERN =
  '^([^\\s@<>,;:"()]+@[^\\s@<>,;:"()]+|[^<>@"\\u0000-\\u001f\\u007f]+ <[^\\s@<>,;:"()]+@[^\\s@<>,;:"()]+>)$';

const mailbox = (description: string) =>
  Type.String({
    description,
    pattern: MAILBOX_PATTERN,
    maxLength: 320,
    examples: ['me@example.org', 'Labkeeper <lab@example.org>'],
  });

const tls = optionsObject(
  {
    trust: Type.Union([Type.Literal('verify'), Type.Literal('insecure')], {
      description:
        '`insecure` accepts every certificate: whoever is in between can read the password and every mail.',
      default: 'verify',
    }),
    ca: Type.Optional(
      Type.String({
        description:
          'PEM text of an additional authority, or of a self-signed certificate, in the file as a block or by the name of a file.',
        pattern: '-----BEGIN CERTIFICATE-----',
        examples: ['-----BEGIN CERTIFICATE-----…'],
      }),
    ),
    server_name: Type.Optional(
      Type.String({
        description: 'Name that the certificate must be for, when it is not `host`.',
        minLength: 1,
      }),
    ),
  },
  { description: 'Whom to trust.', default: {} },
);

const smtp = optionsObject(
  {
    host: Type.String({
      description: 'Name or address of the mail server.',
      pattern: '^[^\\s/@]+$',
      examples: ['smtp.example.org'],
    }),
    port: Type.Optional(
      Type.Integer({
        description: 'Default: 587 with `starttls`, 465 with `tls`, 25 with `none`.',
        minimum: 1,
        maximum: 65_535,
      }),
    ),
    security: Type.Union([Type.Literal('starttls'), Type.Literal('tls'), Type.Literal('none')], {
      description:
        '`starttls`: encrypted after the greeting, and nothing is sent where that is not offered. `tls`: encrypted from the first byte. `none`: everybody in between can read along, the password too.',
      default: 'starttls',
    }),
    user: Type.Optional(Type.String({ description: 'Name to log in with.', minLength: 1 })),
    password: Type.Optional(
      secretOption({ description: 'Password to log in with; for many providers one made for this program.' }),
    ),
    client_name: Type.Optional(
      Type.String({
        description: 'Name that this machine gives itself, for servers that insist on a full one.',
        pattern: '^[A-Za-z0-9.:\\[\\]-]+$',
        examples: ['lab.example.org'],
      }),
    ),
    tls,
  },
  { description: 'The mail server to send through. Either this or `resend`.' },
);

const resend = optionsObject(
  {
    api_key: secretOption({ description: 'Key of the API, with the right to send.' }),
    url: Type.String({
      description: 'Address of the API, for a stand-in or a proxy.',
      pattern: '^https?://[^\\s/]+$',
      default: 'https://api.resend.com',
      examples: ['https://api.resend.com'],
    }),
  },
  { description: 'The service Resend to send through. Either this or `smtp`.' },
);

export const emailOptions = optionsObject({
  smtp: Type.Optional(smtp),
  resend: Type.Optional(resend),
  from: mailbox('Sender. Most servers only take an address of their own domain.'),
  to: Type.Array(mailbox('One reader.'), {
    description: 'Readers. Each of them sees the others.',
    minItems: 1,
    // Resend takes no more in one mail, and a longer list should be a mailing list.
    maxItems: 50,
  }),
  reply_to: Type.Optional(mailbox('Where an answer goes. Default: to the sender.')),
});

export type EmailOptions = OptionsOf<typeof emailOptions>;
export type SmtpOptions = OptionsOf<typeof smtp>;
export type ResendOptions = OptionsOf<typeof resend>;
