import { isIP } from 'node:net';
import type { Fault } from '@labkeeper/core';
import { compileJsonPath, compilePattern, connectionFaults } from '@labkeeper/toolbox';
import { needsBody } from './body-expectations.js';
import type { Conditions, HttpOptions } from './http-options.js';
import { statusRanges } from './status-ranges.js';

type Path = readonly (string | number)[];

/** What the schema cannot say of the options, all faults at once. Pure. */
export function validateHttpOptions(options: HttpOptions): readonly Fault[] {
  return [
    ...urlFaults(options),
    ...connectionFaults(options),
    ...expectationFaults(options),
    ...contradictions(options),
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

/** What each for itself is right, and together can never be met. */
function contradictions(options: HttpOptions): readonly Fault[] {
  const { url, method, ip, expect } = options;
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const version = address ? isIP(address.hostname.replace(/^\[|\]$/g, '')) : 0;
  const faults: Fault[] = [];
  if (version !== 0 && ip !== 'any' && ip !== version)
    faults.push(fault(['ip'], `the address in \`url\` is of version ${version}`, `any, ${version}`));
  if (address?.protocol === 'http:' && expect.tls_days_left !== undefined)
    faults.push(
      fault(
        ['expect', 'tls_days_left'],
        'there is no certificate at an http:// address',
        'an https:// address',
      ),
    );
  if (expect.redirect !== undefined && expect.status !== undefined && !mayRedirect(expect.status))
    faults.push(
      fault(
        ['expect', 'status'],
        'an answer with this status redirects nowhere',
        '3xx, or none beside `redirect`',
      ),
    );
  if (method === 'HEAD' && needsBody(options))
    faults.push(fault(['method'], 'the answer to HEAD has no body, and one is expected', 'GET'));
  for (const [path, { min, max }] of boundedConditions(options))
    if (min !== undefined && max !== undefined && min > max)
      faults.push(
        fault([...path, 'min'], `no number is at least ${min} and at most ${max}`, `at most ${max}`),
      );
  return faults;
}

const REDIRECTS = [300, 399] as const;

function mayRedirect(status: NonNullable<HttpOptions['expect']['status']>): boolean {
  return statusRanges(status).some(([low, high]) => low <= REDIRECTS[1] && high >= REDIRECTS[0]);
}

function boundedConditions({ expect }: HttpOptions): readonly (readonly [Path, Conditions])[] {
  const headers = Object.entries(expect.headers ?? {}).flatMap(([name, wish]) =>
    typeof wish === 'string' ? [] : [[['expect', 'headers', name], wish] as const],
  );
  return [
    ...headers,
    ...(expect.json ?? []).map((wish, index) => [['expect', 'json', index], wish] as const),
  ];
}
