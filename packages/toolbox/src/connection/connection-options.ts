import { optionsObject, type Secret, secretOption, type TlsOptions, Type } from '@labkeeper/core';

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

/**
 * Options of a plugin that speaks HTTP with somebody: headers, credentials, trust. Spread among the plugin's own ones, so that they are
 * called the same everywhere. {@link connectionFaults} says what the schema cannot.
 */
export const connectionOptions = {
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
  tls,
};

/** The options as a plugin gets them. */
export interface ConnectionOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly secret_headers: Readonly<Record<string, Secret>>;
  readonly basic_auth?: { readonly username: string; readonly password: Secret } | undefined;
  readonly bearer_token?: Secret | undefined;
  readonly tls: {
    readonly trust: 'verify' | 'insecure';
    readonly ca?: string | undefined;
    readonly fingerprint?: string | undefined;
    readonly server_name?: string | undefined;
  };
}

/** The `tls` of a request. */
export function tlsOf({ tls: given }: Pick<ConnectionOptions, 'tls'>): TlsOptions {
  const { trust, ca, fingerprint, server_name: serverName } = given;
  return {
    trust,
    ...(ca === undefined ? {} : { ca }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}
