import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Fault } from '@labkeeper/core';
import { compileJsonPath, compilePattern } from '@labkeeper/toolbox';
import type { HttpOptions } from './http-options.js';

type Path = readonly (string | number)[];

/** What the schema cannot say of the options, all faults at once. Pure. */
export function validateHttpOptions(options: HttpOptions): readonly Fault[] {
  return [
    ...urlFaults(options),
    ...headerFaults(options),
    ...credentialFaults(options),
    ...expectationFaults(options),
  ];
}

function fault(path: Path, message: string, allowed: string): Fault {
  return { code: 'CONFIG_WRONG_VALUE', path, message, allowed };
}

function urlFaults({ url }: HttpOptions): readonly Fault[] {
  if (!URL.canParse(url)) return [fault(['url'], 'the address cannot be read', 'https://host:port/path')];
  const { username, password } = new URL(url);
  if (username === '' && password === '') return [];
  const allowed = 'basic_auth: { username: …, password: … }';
  return [fault(['url'], 'credentials in the address would be shown to everybody', allowed)];
}

function headerFaults({ headers, secret_headers }: HttpOptions): readonly Fault[] {
  const plain = Object.entries(headers).flatMap(([name, value]) => oneHeader('headers', name, value));
  // A secret's value is left alone here: a fault would have to quote it.
  const secret = Object.keys(secret_headers).flatMap((name) => oneHeader('secret_headers', name, ''));
  return [...plain, ...secret];
}

function oneHeader(option: string, name: string, value: string): readonly Fault[] {
  const path = [option, name];
  if (throws(() => validateHeaderName(name)))
    return [fault(path, `'${name}' is no name of a header`, 'letters, digits and -')];
  if (throws(() => validateHeaderValue(name, value)))
    return [fault(path, 'the value has characters that no header may have', 'text in one line')];
  return [];
}

function throws(attempt: () => void): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}

function credentialFaults({ basic_auth, bearer_token }: HttpOptions): readonly Fault[] {
  if (!basic_auth || !bearer_token) return [];
  return [fault(['bearer_token'], 'only one of basic_auth and bearer_token can be sent', 'one of the two')];
}

const PATTERN_FORM = 'a regular expression in RE2 syntax';
const PATH_FORM = 'a JSONPath such as $.data[0].state';

function expectationFaults({ expect }: HttpOptions): readonly Fault[] {
  const faults: Fault[] = [];
  const compile = (path: Path, allowed: string, attempt: () => unknown) => {
    try {
      attempt();
    } catch (error) {
      faults.push(
        fault(['expect', ...path], error instanceof Error ? error.message : String(error), allowed),
      );
    }
  };
  const pattern = (path: Path, expression: string | undefined) => {
    if (expression !== undefined) compile(path, PATTERN_FORM, () => compilePattern(expression));
  };
  pattern(['body_matches'], expect.body_matches);
  for (const [name, wish] of Object.entries(expect.headers ?? {})) {
    if (typeof wish !== 'string') pattern(['headers', name, 'matches'], wish.matches);
  }
  for (const [index, condition] of (expect.json ?? []).entries()) {
    compile(['json', index, 'path'], PATH_FORM, () => compileJsonPath(condition.path));
    pattern(['json', index, 'matches'], condition.matches);
  }
  return faults;
}
