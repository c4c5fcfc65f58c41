import { selectionsOf } from '@labkeeper/promql';
import type { Rule, RuleGroup } from '@labkeeper/rules';
import type { WatchedSelection } from './recent/live-selector.js';

/**
 * Rules that look back further are evaluated over the store: keeping more in memory would cost more than asking. Two hours of a series at
 * ten seconds are 12 kB.
 */
const LONGEST_LIVE_MS = 2 * 3_600_000;
/** An evaluation may come a little late, and still wants the window that it was due for. */
const MARGIN_MS = 60_000;
/** Any time will do: only the distance counts. Late enough that no offset leads before 1970. */
const PROBE_MS = 4_000_000_000_000;

const QUERY_CALL = /\{\{[^}]*\bquery\b/;

/** How the data of a rule are had. */
export interface RuleReads {
  /** `memory`: over the recent past that is kept. `store`: by a query. */
  readonly from: 'memory' | 'store';
  /** What must be kept of it; empty for `store`. */
  readonly watched: readonly WatchedSelection[];
}

/** Works out what a rule reads. Called once per rule and plan. */
export function readsOf(rule: Rule, { queryOffsetMs = 0 }: Pick<RuleGroup, 'queryOffsetMs'>): RuleReads {
  const selections = selectionsOf(rule.expression, { fromMs: PROBE_MS, toMs: PROBE_MS, stepMs: 0 });
  const watched = selections.map(({ matchers, fromMs }) => ({
    matchers,
    keepMs: PROBE_MS - fromMs + queryOffsetMs + MARGIN_MS,
  }));
  const isShort = watched.every(({ keepMs }) => keepMs <= LONGEST_LIVE_MS + MARGIN_MS);
  return isShort && !asksInTemplates(rule) ? { from: 'memory', watched } : { from: 'store', watched: [] };
}

/** A template that asks a query of its own has to wait for the answer. */
function asksInTemplates(rule: Rule): boolean {
  if (rule.kind === 'recording') return false;
  return [...rule.labelTemplates, ...rule.annotationTemplates].some(({ text }) => QUERY_CALL.test(text));
}
