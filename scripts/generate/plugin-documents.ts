import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSchema, type SchemaNode } from '@labkeeper/core/runtime';
import { ROOT } from '../workspace.js';
import { type GeneratedFile, NOTICE } from './generated-file.js';
import { type LoadedPlugin, type NamedContribution, namedContributions } from './load-plugins.js';
import { code, markdownTable, replaceMarked } from './markdown.js';

/** The word for one of a kind, as people say it. */
const KIND_WORDS: Readonly<Record<string, string>> = {
  collectors: 'collector',
  checks: 'check',
  notifiers: 'notifier',
  remediators: 'remediator',
  predictors: 'predictor',
  commands: 'command',
  storages: 'storage',
  schedulers: 'scheduler',
  rulePacks: 'rule pack',
  routes: 'routes',
};

function kindWord(kind: string): string {
  return KIND_WORDS[kind] ?? kind;
}

function defaultText(node: SchemaNode, isRequired: boolean): string {
  if (node.default !== undefined) return code(JSON.stringify(node.default));
  return isRequired ? 'must be given' : '';
}

/** One row an option; the options inside an object follow it, with the path in front of their names. */
function optionRows(node: SchemaNode, prefix: string): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([name, option]) => {
    const path = `${prefix}${name}`;
    const isRequired = node.required?.includes(name) ?? false;
    const own = [
      code(path),
      describeSchema(option),
      defaultText(option, isRequired),
      option.description ?? '',
    ];
    const inner = option.items?.properties
      ? optionRows(option.items, `${path}[].`)
      : optionRows(option, `${path}.`);
    return [own, ...inner];
  });
}

function optionTable({ options }: NamedContribution): string {
  const rows = optionRows(options as SchemaNode, '');
  if (rows.length === 0) return 'It has no options.';
  return markdownTable(['option', 'value', 'default', 'meaning'], rows);
}

/** Contributions with the same options share one table: a product's check and collector mostly ask the same place. */
function optionTables(plugin: LoadedPlugin['plugin']): string {
  const byTable = new Map<string, string[]>();
  for (const contribution of namedContributions(plugin)) {
    if (contribution.options === undefined) continue;
    const table = optionTable(contribution);
    const heading = `${kindWord(contribution.kind)} ${code(contribution.name)}`;
    byTable.set(table, [...(byTable.get(table) ?? []), heading]);
  }
  if (byTable.size === 1) return [...byTable.keys()].join('');
  return [...byTable]
    .map(([table, headings]) => `### Of the ${headings.join(' and the ')}\n\n${table}`)
    .join('\n\n');
}

function readme({ package: { folder }, plugin }: LoadedPlugin): GeneratedFile[] {
  const path = `packages/${folder}/README.md`;
  if (!existsSync(join(ROOT, path))) return [];
  const content = replaceMarked(
    readFileSync(join(ROOT, path), 'utf8'),
    'options',
    `\n${optionTables(plugin)}\n`,
  );
  return content === undefined ? [] : [{ path, content }];
}

function pluginList(plugins: readonly LoadedPlugin[]): GeneratedFile {
  const rows = plugins.map(({ package: { folder, manifest }, plugin }) => [
    `[${manifest.name}](../../packages/${folder}/README.md)`,
    plugin.summary,
    namedContributions(plugin)
      .map(({ kind, name }) => `${kindWord(kind)} ${code(name)}`)
      .join(', '),
  ]);
  const content = `<!-- ${NOTICE} -->

# Plugins

${markdownTable(['package', 'what it is for', 'what it contributes'], rows)}
`;
  return { path: 'docs/reference/plugins.md', content };
}

/** The list of plugins, and the table of options in each plugin's README. */
export function pluginDocuments(plugins: readonly LoadedPlugin[]): GeneratedFile[] {
  return [pluginList(plugins), ...plugins.flatMap(readme)];
}
