import { describeError, type Fault, type RulePack } from '@labkeeper/core';
import { nearestName } from '@labkeeper/core/runtime';
import type { RulePackInstance } from '@labkeeper/engine';
import { fillParameters, type RuleFault, type RuleGroup, readRuleFile } from '@labkeeper/rules';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';
import type { ConfigPath } from './config-path.js';
import type { Reading } from './reading.js';

interface Room {
  readonly catalog: PluginCatalog;
  readonly reading: Reading;
}

/** Rules of a plugin, named by an item of `rules:`. Reports what is wrong; the list is empty then. */
export async function planRulePack(
  item: unknown,
  path: ConfigPath,
  { catalog, reading }: Room,
): Promise<readonly RulePackInstance[]> {
  const named = namedPack(item);
  if (!named) {
    // What is neither a text nor a mapping has its fault from the schema.
    if (typeof item === 'object' && item !== null && !Array.isArray(item))
      reading.report(severalPacks(item, path));
    return [];
  }
  const { name, given } = named;
  try {
    const found = await catalog.find('rulePacks', name);
    if (!found) {
      if (!catalog.isFromFailed(name)) reading.report(unknownPack(name, path, catalog.names('rulePacks')));
      return [];
    }
    const pack = found.contribution as unknown as RulePack;
    const faults = packFaults(pack, given, path);
    reading.report(...faults);
    if (faults.length > 0) return [];
    return [
      { plugin: found.from.plugin.name, pack, parameters: (given ?? {}) as RulePackInstance['parameters'] },
    ];
  } catch (error) {
    const message = `The plugin of \`${name}\` failed: ${describeError(error)}`;
    reading.report({ code: 'PLUGIN_BROKEN', path, message });
    return [];
  }
}

/** The pack that an item names, with what it says about it. */
function namedPack(item: unknown): { readonly name: string; readonly given?: unknown } | undefined {
  if (typeof item === 'string') return { name: item };
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const [first, ...rest] = Object.entries(item);
  return first && rest.length === 0 ? { name: first[0], given: first[1] } : undefined;
}

function severalPacks(item: object, path: ConfigPath): Fault {
  const count = Object.keys(item).length;
  return {
    ...{ code: 'CONFIG_WRONG_VALUE', path, allowed: 'one name and its parameters' },
    message: `An item of \`rules\` names one pack; here are ${count}.`,
  };
}

function unknownPack(name: string, path: ConfigPath, offered: readonly string[]): Fault {
  const nearest = nearestName(name, offered);
  return {
    ...{ code: 'PLUGIN_UNKNOWN_CONTRIBUTION', path, found: name, allowed: offered.join(', ') },
    message: `No plugin has rules named \`${name}\`. A file of rules is a path, such as ./rules.yml.`,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function packFaults(pack: RulePack, given: unknown, path: ConfigPath): readonly Fault[] {
  const inside = [...path, pack.name];
  if (given !== undefined && given !== null && (typeof given !== 'object' || Array.isArray(given)))
    return [
      { code: 'CONFIG_WRONG_TYPE', path: inside, message: 'Here stand parameters, each with a number.' },
    ];
  const parameters = { ...given } as Readonly<Record<string, unknown>>;
  const faults = Object.entries(parameters).flatMap(([name, value]) =>
    parameterFaults(pack, name, value, [...inside, name]),
  );
  return faults.length > 0 ? faults : ruleFaults(pack, parameters as Record<string, number>, path);
}

function parameterFaults(
  { parameters = {} }: RulePack,
  name: string,
  value: unknown,
  path: ConfigPath,
): readonly Fault[] {
  if (!Object.hasOwn(parameters, name)) return [unknownParameter(name, Object.keys(parameters), path)];
  if (typeof value === 'number' && Number.isFinite(value)) return [];
  const found = typeof value;
  return [{ code: 'CONFIG_WRONG_TYPE', path, message: 'This should be a number.', found }];
}

function unknownParameter(name: string, known: readonly string[], path: ConfigPath): Fault {
  const nearest = nearestName(name, known);
  return {
    ...{ code: 'CONFIG_UNKNOWN_KEY', path, found: name, allowed: known.join(', ') },
    message: `\`${name}\` is no parameter of these rules.`,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

/** A pack that cannot be read is its plugin's fault, and better told at the start than found missing at night. */
function ruleFaults(
  pack: RulePack,
  given: Readonly<Record<string, number>>,
  path: ConfigPath,
): readonly Fault[] {
  return readRulePack(pack, given).faults.map(({ line, message }) => ({
    code: 'PLUGIN_BROKEN',
    path,
    message: `The rules \`${pack.name}\` are broken in line ${line}: ${message}`,
  }));
}

/** The rules of a pack with these parameters; what is not given has its default. Called for each pack at a reading, and to count. */
export function readRulePack(
  { name, rules, parameters = {} }: RulePack,
  given: Readonly<Record<string, number>>,
): { readonly groups: readonly RuleGroup[]; readonly faults: readonly RuleFault[] } {
  const values = Object.entries(parameters).map(([key, { default: value }]) => [key, given[key] ?? value]);
  const filled = fillParameters(rules, Object.fromEntries(values) as Record<string, number>, name);
  const { groups, faults } = readRuleFile(filled.text, name, { experimentalFunctions: true });
  return { groups, faults: [...filled.faults, ...faults] };
}
