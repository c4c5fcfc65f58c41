import { type Alert, type Clock, type Evidence, LabkeeperError, type Observations } from '@labkeeper/core';
import type { Queries } from '../query/queries.js';
import type { EvidenceSource } from './evidence-desk.js';

/** What is kept of one answer. More would be a report, not evidence. */
const MOST_VALUES = 50;
/** Longest query; the desk waits no longer for all of it. */
const QUERY_LIMIT_MS = 5_000;

interface LookupParts {
  readonly clock: Clock;
  readonly query: Queries;
  /** Runs a collector of the plan now; undefined when there is none of that name. */
  readonly collect: (name: string) => Promise<Observations> | undefined;
}

/**
 * Answers what alerts ask for when they begin to fire: `evidence_query` is PromQL, `evidence_collector` the name of a collector of the
 * configuration. The usual {@link EvidenceSource}.
 */
export function evidenceLookup(parts: LookupParts): EvidenceSource {
  return async ({ annotations }: Alert, signal) => {
    const { evidence_query: expression, evidence_collector: collector } = annotations;
    const asked = [
      ...(expression === undefined ? [] : [queried(expression, signal, parts)]),
      ...(collector === undefined ? [] : [collected(collector, parts)]),
    ];
    return await Promise.all(asked);
  };
}

async function queried(name: string, signal: AbortSignal, { clock, query }: LookupParts): Promise<Evidence> {
  const atMs = Math.round(clock.now());
  const { value } = await query.evaluate(name, atMs, { signal, timeoutMs: QUERY_LIMIT_MS });
  if (value.type === 'vector')
    return {
      name,
      atMs,
      values: value.values.slice(0, MOST_VALUES).map(({ labels, value: one }) => ({ labels, value: one })),
    };
  if (value.type === 'scalar') return { name, atMs, values: [{ labels: {}, value: value.value }] };
  throw new LabkeeperError('BAD_REQUEST', `'${name}' gives no values at one time`);
}

async function collected(name: string, { clock, collect }: LookupParts): Promise<Evidence> {
  const running = collect(name);
  if (!running) throw new LabkeeperError('NOT_FOUND', `there is no collector '${name}'`);
  const { samples } = await running;
  const values = samples
    .slice(0, MOST_VALUES)
    .map(({ name: metric, labels, value }) => ({ labels: { __name__: metric, ...labels }, value }));
  return { name, atMs: Math.round(clock.now()), values };
}
