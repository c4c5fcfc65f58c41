import type { Check, Collector, Notifier, Plugin } from '@labkeeper/core';
import {
  type ContributionDescription,
  ISOLATED_KINDS,
  type IsolatedKind,
  type PluginDescription,
} from './protocol.js';
import { packSchema } from './schema-transfer.js';

type Isolated = Collector | Check | Notifier;

/** The plugin as data, for the other side of the thread border. */
export function describePlugin(plugin: Plugin): PluginDescription {
  const { name, summary, contract } = plugin;
  const contributions = ISOLATED_KINDS.flatMap((kind) =>
    ((plugin[kind] ?? []) as readonly Isolated[]).map((contribution) =>
      describeContribution(kind, contribution),
    ),
  );
  const known: readonly string[] = ISOLATED_KINDS;
  const inlineOnly = Object.entries(plugin).filter(
    ([key, value]) => Array.isArray(value) && value.length > 0 && !known.includes(key),
  );
  return { name, summary, contract, contributions, inlineOnly: inlineOnly.map(([key]) => key) };
}

function describeContribution(kind: IsolatedKind, contribution: Isolated): ContributionDescription {
  const { name, summary } = contribution;
  const facts = contribution as Partial<
    Pick<Collector, 'schedule' | 'metrics' | 'otherMetrics' | 'job'> & Pick<Notifier, 'limits' | 'listen'>
  >;
  return {
    kind,
    name,
    summary,
    options: packSchema(contribution.options),
    ...(facts.schedule ? { schedule: facts.schedule } : {}),
    ...(facts.metrics ? { metrics: facts.metrics } : {}),
    ...(facts.otherMetrics ? { otherMetrics: facts.otherMetrics } : {}),
    ...(facts.job === undefined ? {} : { job: facts.job }),
    ...(facts.limits ? { limits: facts.limits } : {}),
    listens: facts.listen !== undefined,
  };
}
