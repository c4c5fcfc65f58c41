import {
  type Contribution,
  describeError,
  type Fault,
  type Schedule,
  type Target,
  type TSchema,
} from '@labkeeper/core';
import type { Offered, PluginCatalog } from '../plugins/plugin-catalog.js';
import type { LoadedPlugin } from '../plugins/plugin-loader.js';
import type { ConfiguredKind } from '../plugins/standard-plugins.js';
import type { ConfigPath } from './config-path.js';
import { type Entry, parseEntry } from './entry.js';
import type { Reading } from './reading.js';

/** An entry without faults, with everything known about it. */
export interface CheckedEntry<Siblings> {
  readonly entry: Entry;
  readonly contribution: Contribution<TSchema, unknown>;
  readonly from: LoadedPlugin;
  /** As valid in the file; for telling whether anything changed. */
  readonly given: unknown;
  /** With defaults filled in and secrets wrapped; frozen. */
  readonly options: unknown;
  readonly siblings: Siblings;
  readonly target: Target | undefined;
}

/** A section of the file whose items name contributions. */
export interface SectionRules {
  /** For messages: `check`. */
  readonly word: string;
  readonly kind: ConfiguredKind;
  /** Schema of what stands beside the kind. */
  readonly siblings: TSchema & { readonly properties: Readonly<Record<string, TSchema>> };
  /** What the schema of the siblings cannot say. Called only with siblings that fit it. */
  check?(siblings: Readonly<Record<string, unknown>>, schedule: Schedule | undefined): readonly Fault[];
}

interface Room {
  readonly rules: SectionRules;
  readonly catalog: PluginCatalog;
  readonly reading: Reading;
}

/** Checks one item and reports its faults. Undefined when it has some. */
export async function checkEntry<Siblings>(
  item: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  room: Room,
): Promise<CheckedEntry<Siblings> | undefined> {
  const { rules, catalog, reading } = room;
  const { word, kind, siblings: known } = rules;
  const { entry, faults } = parseEntry(item, path, {
    kind: word,
    contributions: catalog.names(kind),
    siblings: known.properties,
  });
  const own = faults.filter(
    ({ code, found }) => !(code === 'PLUGIN_UNKNOWN_CONTRIBUTION' && catalog.isFromFailed(found ?? '')),
  );
  reading.reportInside([], item, own);
  if (!entry) return undefined;
  const offered = await findContribution(entry, room);
  const siblings = checkSiblings(entry, offered, room);
  const options = offered && (await checkOptions(entry, offered, room));
  if (!offered || !siblings || !options || own.length > 0) return undefined;
  return { entry, siblings: siblings as Siblings, ...offered, ...options };
}

async function findContribution(
  entry: Entry,
  { rules, catalog, reading }: Room,
): Promise<Offered | undefined> {
  try {
    return await catalog.find(rules.kind, entry.contribution);
  } catch (error) {
    reading.report(brokenPlugin(entry, error));
    return undefined;
  }
}

function checkSiblings(
  { siblings, path }: Entry,
  offered: Offered | undefined,
  { rules, reading }: Room,
): unknown {
  const { value, valid, sound } = reading.check(rules.siblings, siblings, path);
  const known = valid ? value : sound;
  if (known === undefined) return undefined;
  const { schedule } = (offered?.contribution ?? {}) as { readonly schedule?: Schedule };
  const faults = rules.check?.(known as Readonly<Record<string, unknown>>, schedule) ?? [];
  reading.reportInside(path, known, faults);
  return valid && faults.length === 0 ? value : undefined;
}

type CheckedOptions = Pick<CheckedEntry<unknown>, 'given' | 'options' | 'target'>;

async function checkOptions(
  entry: Entry,
  { contribution, from }: Offered,
  { rules, reading }: Room,
): Promise<CheckedOptions | undefined> {
  const path = [...entry.path, entry.contribution];
  const given = reading.check(contribution.options, entry.options, path);
  const known = given.valid ? given.value : given.sound;
  if (known === undefined) return undefined;
  const options = reading.resolve(contribution.options, known);
  try {
    const faults = await from.validate(rules.kind, entry.contribution, options);
    reading.reportInside(path, known, faults);
    if (!given.valid || faults.length > 0) return undefined;
    const target = await from.target(rules.kind, entry.contribution, options);
    return { given: given.value, options, target };
  } catch (error) {
    reading.report(brokenPlugin(entry, error));
    return undefined;
  }
}

/** The plugin's import, `validate` or `target` threw. They are pure by contract, so it is the plugin that is broken. */
function brokenPlugin({ path, contribution }: Entry, error: unknown): Fault {
  const message = `The plugin of \`${contribution}\` failed: ${describeError(error)}`;
  return { code: 'PLUGIN_BROKEN', path: [...path, contribution], message };
}
