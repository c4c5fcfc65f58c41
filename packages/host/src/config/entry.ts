import type { Fault, TSchema } from '@labkeeper/core';
import { nearestName } from '@labkeeper/core/runtime';
import type { ConfigPath } from './config-path.js';

/** One item of `collect:`, `check:` or `notify:`, or the value of `storage:`, taken apart. */
export interface Entry {
  /** Path of the item in the file. */
  readonly path: ConfigPath;
  /** The key that names the kind, such as `http`. */
  readonly contribution: string;
  readonly options: unknown;
  /** Everything beside it. Not checked yet. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** What an item may hold. */
export interface EntryRules {
  /** For messages: `check`. */
  readonly kind: string;
  readonly contributions: readonly string[];
  readonly siblings: Readonly<Record<string, TSchema>>;
}

export type EntryResult = { readonly entry?: Entry; readonly faults: readonly Fault[] };

/**
 * One key names the kind, the others say when and what for. Which key that is follows from the names of the installed
 * contributions; where none fits, from what the key's value looks like.
 */
export function parseEntry(
  item: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  rules: EntryRules,
): EntryResult {
  const candidates = Object.keys(item).filter((key) => !Object.hasOwn(rules.siblings, key));
  const known = candidates.filter((key) => rules.contributions.includes(key));
  const [contribution, ...more] = known;
  if (contribution !== undefined) {
    const strangers = candidates.filter((key) => !known.includes(key));
    const faults = [
      ...more.map((key) => twoKinds(contribution, key, path, rules)),
      ...strangers.map((key) => unknownSibling(key, path, rules)),
    ];
    return { entry: take(item, contribution, path, rules), faults };
  }
  return {
    faults: candidates.length === 0 ? [noKind(path, rules)] : explainStrangers(item, candidates, path, rules),
  };
}

function take(
  item: Readonly<Record<string, unknown>>,
  contribution: string,
  path: ConfigPath,
  rules: EntryRules,
): Entry {
  const siblings = Object.entries(item).filter(([key]) => Object.hasOwn(rules.siblings, key));
  // `- system:` without a value is the natural way to write "no options".
  return { path, contribution, options: item[contribution] ?? {}, siblings: Object.fromEntries(siblings) };
}

/** No key is known: the one that holds a mapping was meant as the kind, the others as siblings. */
function explainStrangers(
  item: Readonly<Record<string, unknown>>,
  candidates: readonly string[],
  path: ConfigPath,
  rules: EntryRules,
): Fault[] {
  const isKindLike = (key: string) =>
    typeof item[key] === 'object' && nearestName(key, Object.keys(rules.siblings)) === undefined;
  const meant =
    candidates.find(isKindLike) ??
    candidates.find((key) => nearestName(key, rules.contributions) !== undefined);
  const strangers = candidates.filter((key) => key !== meant);
  return [
    meant === undefined ? noKind(path, rules) : unknownContribution(meant, path, rules),
    ...strangers.map((key) => unknownSibling(key, path, rules)),
  ];
}

function unknownContribution(key: string, path: ConfigPath, { kind, contributions }: EntryRules): Fault {
  return {
    code: 'PLUGIN_UNKNOWN_CONTRIBUTION',
    path: [...path, key],
    message: `No installed plugin has a ${kind} named \`${key}\`.`,
    found: key,
    allowed: contributions.join(', '),
    ...optionalNearest(key, contributions),
  };
}

function unknownSibling(key: string, path: ConfigPath, { siblings, contributions }: EntryRules): Fault {
  const allowed = Object.keys(siblings);
  return {
    code: 'CONFIG_UNKNOWN_KEY',
    path: [...path, key],
    message: `\`${key}\` is not known here.`,
    allowed: allowed.join(', '),
    ...optionalNearest(key, [...allowed, ...contributions]),
  };
}

function twoKinds(first: string, second: string, path: ConfigPath, { kind }: EntryRules): Fault {
  return {
    code: 'CONFIG_WRONG_VALUE',
    path: [...path, second],
    message: `An item names one kind of ${kind}; here are two, \`${first}\` and \`${second}\`. Make them two items.`,
    found: `${first} and ${second}`,
    allowed: `one kind of ${kind}`,
  };
}

function noKind(path: ConfigPath, { kind, contributions }: EntryRules): Fault {
  return {
    code: 'CONFIG_MISSING_KEY',
    path,
    message: `The item does not say which kind of ${kind} it is.`,
    allowed: contributions.join(', '),
  };
}

function optionalNearest(found: string, allowed: readonly string[]): { nearest?: string } {
  const nearest = nearestName(found, allowed);
  return nearest === undefined ? {} : { nearest };
}
