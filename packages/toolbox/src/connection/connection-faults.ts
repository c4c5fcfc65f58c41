import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Fault } from '@labkeeper/core';
import type { ConnectionOptions } from './connection-options.js';

/**
 * What the schema of the connection options cannot say, all faults at once. `reserved` are headers, in lower case, that the plugin sets
 * itself, each with what to write instead. Pure; called by a plugin's `validate`.
 */
export function connectionFaults(
  options: Omit<ConnectionOptions, 'tls'>,
  reserved: Readonly<Record<string, string>> = {},
): readonly Fault[] {
  const plain = Object.entries(options.headers).flatMap(([name, value]) =>
    headerFaults(['headers', name], value, reserved),
  );
  const secret = Object.entries(options.secret_headers).flatMap(([name, value]) =>
    headerFaults(['secret_headers', name], value.reveal(), reserved),
  );
  return [...plain, ...secret, ...credentialFaults(options)];
}

/** The value is never quoted: it may be a secret. */
function headerFaults(
  path: readonly [string, string],
  value: string,
  reserved: Readonly<Record<string, string>>,
): readonly Fault[] {
  const [, name] = path;
  const instead = reserved[name.toLowerCase()];
  if (instead !== undefined) return [fault(path, `the header ${name} is set by the plugin`, instead)];
  if (throws(() => validateHeaderName(name)))
    return [fault(path, `'${name}' is no name of a header`, 'letters, digits and -')];
  if (throws(() => validateHeaderValue(name, value)))
    return [fault(path, 'the value has characters that no header may have', 'text in one line')];
  return [];
}

function credentialFaults({
  basic_auth: basic,
  bearer_token: token,
}: Pick<ConnectionOptions, 'basic_auth' | 'bearer_token'>): readonly Fault[] {
  if (!basic || !token) return [];
  return [fault(['bearer_token'], 'only one of basic_auth and bearer_token can be sent', 'one of the two')];
}

function fault(path: Fault['path'], message: string, allowed: string): Fault {
  return { code: 'CONFIG_WRONG_VALUE', path, message, allowed };
}

function throws(attempt: () => void): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}
