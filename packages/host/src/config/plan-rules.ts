import { dirname, relative, resolve } from 'node:path';
import { describeError, type Fault } from '@labkeeper/core';
import type { PlannedRules, RulePackInstance } from '@labkeeper/engine';
import { type RuleFault, type RuleGroup, readRuleFile } from '@labkeeper/rules';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';
import { readRuleText } from './config-file.js';
import type { ConfigPath } from './config-path.js';
import { planRulePack } from './plan-rule-pack.js';
import type { Reading } from './reading.js';
import { filesMeeting, isPattern } from './rule-paths.js';

/** Without `rules:` in the file: what everybody wants to know of a server. `rules: []` is none. */
const DEFAULT_RULES = ['defaults'];

interface Room {
  readonly catalog: PluginCatalog;
  readonly reading: Reading;
  /** The configuration file, or a stand-in: paths are relative to its folder. */
  readonly configFile: string;
}

/** Rules of the plan, and the files that they came from. */
export interface RulesReading {
  readonly rules: PlannedRules;
  readonly files: readonly string[];
  /** Absolute paths and patterns of `rules:`: which files they meet may change at any time. */
  readonly patterns: readonly string[];
}

/** Reads `rules:`: files of rules, and packs of plugins. Reports every fault of every file. */
export async function planRules(given: readonly unknown[] | undefined, room: Room): Promise<RulesReading> {
  const items = given ?? DEFAULT_RULES.filter((name) => room.catalog.names('rulePacks').includes(name));
  const groups: RuleGroup[] = [];
  const packs: RulePackInstance[] = [];
  const files = new Set<string>();
  const patterns: string[] = [];
  for (const [index, item] of items.entries()) {
    const path: ConfigPath = ['rules', index];
    if (typeof item === 'string' && isRulePath(item)) {
      const pattern = resolve(folderOf(room), item);
      patterns.push(pattern);
      // A file that two patterns meet is read once: its alerts are the same ones.
      const found = rulePaths(pattern, { item, path, reading: room.reading }).filter(
        (file) => !files.has(file),
      );
      for (const file of found) {
        files.add(file);
        groups.push(...readOne(file, path, room));
      }
    } else
      packs.push(
        ...(await planRulePack(item, path, room)).filter((pack) => isNew(pack, packs, { path, room })),
      );
  }
  return { rules: { groups, packs }, files: [...files], patterns };
}

/** Reports a pack that was named before: its alerts would be raised twice. */
function isNew(
  { pack }: RulePackInstance,
  before: readonly RulePackInstance[],
  { path, room }: { readonly path: ConfigPath; readonly room: Room },
): boolean {
  const isKnown = before.some((one) => one.pack.name === pack.name);
  const message = `The rules \`${pack.name}\` stand twice.`;
  if (isKnown) room.reading.report({ code: 'CONFIG_DUPLICATE_NAME', path, message, found: pack.name });
  return !isKnown;
}

/** True for what is written like a path and not like the name of a pack. */
function isRulePath(text: string): boolean {
  return /[/\\*?]/.test(text) || /\.ya?ml$/.test(text);
}

/** The files that a path or a pattern names. Reports where there is none. */
function rulePaths(
  pattern: string,
  { item, path, reading }: { readonly item: string; readonly path: ConfigPath; readonly reading: Reading },
): readonly string[] {
  const { files } = filesMeeting(pattern);
  if (files.length === 0) reportNothing(item, path, reading);
  return files;
}

function folderOf({ configFile }: Room): string {
  return resolve(dirname(configFile));
}

function reportNothing(pattern: string, path: ConfigPath, reading: Reading): void {
  const fault: Fault = {
    code: 'CONFIG_FILE_UNREADABLE',
    path,
    message: 'There is no such file.',
    found: pattern,
  };
  // A folder may be empty until somebody writes the first rule.
  if (isPattern(pattern)) reading.warn(fault);
  else reading.report(fault);
}

function readOne(file: string, path: ConfigPath, room: Room): readonly RuleGroup[] {
  const { reading } = room;
  try {
    const { groups, faults, warnings } = readRuleFile(readRuleText(file), relative(folderOf(room), file));
    reading.report(...faults.map((fault) => ruleFault(fault, path)));
    reading.warn(...warnings.map((fault) => ruleFault(fault, path)));
    return groups;
  } catch (error) {
    reading.report({ code: 'CONFIG_FILE_UNREADABLE', path, message: describeError(error), found: file });
    return [];
  }
}

function ruleFault({ file, line, column, group, rule, message }: RuleFault, path: ConfigPath): Fault {
  const where = [group, rule].filter((name) => name !== undefined && name !== '').join(', ');
  return {
    code: 'CONFIG_RULE',
    path,
    message: where === '' ? message : `${where}: ${message}`,
    position: { file, line, column },
  };
}
