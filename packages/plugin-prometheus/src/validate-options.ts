import { type Fault, labelsKey } from '@labkeeper/core';
import { connectionFaults } from '@labkeeper/toolbox';
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
    ...connectionFaults(options),
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
