import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Fault, labelsKey } from '@labkeeper/core';
import type { PrometheusOptions } from './prometheus-options.js';
import { isRelabelName } from './relabel/relabel-rules.js';
import { validateRelabel } from './relabel/validate-relabel.js';
import { planTargets } from './scrape/plan-targets.js';

const ADDRESS_FORM =
  'host, host:port, or http(s)://host:port/path; credentials go into basic_auth or bearer_token';

type Path = readonly (string | number)[];

/** What the schema cannot say of the options, all faults at once. Pure. */
export function validateOptions(options: PrometheusOptions): readonly Fault[] {
  const faults = [
    ...targetFaults(options),
    ...headerFaults(options),
    ...credentialFaults(options),
    ...validateRelabel('relabel', options.relabel),
    ...validateRelabel('metric_relabel', options.metric_relabel),
  ];
  // Only rules without a fault can be tried out.
  return faults.length > 0 ? faults : plannedFaults(options);
}

function fault(path: Path, message: string, allowed: string): Fault {
  return { code: 'CONFIG_WRONG_VALUE', path, message, allowed };
}

function targetFaults({ targets }: PrometheusOptions): readonly Fault[] {
  return targets.flatMap((entry, index) =>
    Object.keys(typeof entry === 'string' ? {} : entry.labels)
      .filter((name) => !isRelabelName(name))
      .map((name) =>
        fault(['targets', index, 'labels', name], `'${name}' is no name of a label`, 'letters, digits and _'),
      ),
  );
}

function headerFaults({ headers, secret_headers }: PrometheusOptions): readonly Fault[] {
  const plain = Object.entries(headers).flatMap(([name, value]) => oneHeader('headers', name, value));
  // A secret's value is left alone here: a fault would have to quote it.
  const secret = Object.keys(secret_headers).flatMap((name) => oneHeader('secret_headers', name, ''));
  return [...plain, ...secret];
}

function oneHeader(option: string, name: string, value: string): readonly Fault[] {
  if (throws(() => validateHeaderName(name)))
    return [fault([option, name], `'${name}' is no name of a header`, 'letters, digits and -')];
  if (throws(() => validateHeaderValue(name, value)))
    return [fault([option, name], 'the value has characters that no header may have', 'text in one line')];
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

function credentialFaults({ basic_auth, bearer_token }: PrometheusOptions): readonly Fault[] {
  if (!basic_auth || !bearer_token) return [];
  return [fault(['bearer_token'], 'only one of basic_auth and bearer_token can be sent', 'one of the two')];
}

/** What the rules make of the targets. Nothing is discovered later, so what is wrong now stays wrong. */
function plannedFaults(options: PrometheusOptions): readonly Fault[] {
  const planned = planTargets(options);
  if (planned.length === 0)
    return [fault(['relabel'], 'the rules drop every target', 'rules that leave at least one')];
  const seen = new Set<string>();
  return planned.flatMap(({ url, labels, index }) => {
    const key = labelsKey(labels);
    const isTaken = seen.has(key);
    seen.add(key);
    if (isTaken)
      return [
        fault(['targets', index], 'another target has the same labels', 'targets that differ in a label'),
      ];
    if (url !== undefined) return [];
    // Not quoted: there may be credentials in it.
    return [fault(['targets', index], 'this target is no address, or has credentials in it', ADDRESS_FORM)];
  });
}
