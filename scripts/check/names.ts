import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { isTypeScript, listFiles, ROOT, readPackages } from '../workspace.js';
import type { Check, CheckResult } from './check.js';
import { parseTypeScript } from './read-imports.js';

const PLACES = ['packages', 'e2e', 'bench', 'build', 'scripts', 'examples', 'docs'];
/** Folders that gather what has no place. Each thing has one: with its only user, or under the name of what it does. */
const FORBIDDEN_FOLDERS = new Set(['utils', 'util', 'common', 'helpers', 'helper', 'misc']);
/** Names that other programs look for. */
const FIXED_NAMES =
  /^(\.[\w.-]+|[A-Z]+\.md|LICENSE|Dockerfile(\.[a-z-]+)?|Caddyfile|Makefile|__snapshots__|[\w.-]+\.snap)$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

function judgePath(path: string): string[] {
  const parts = path.split('/');
  const faults: string[] = [];
  for (const [index, part] of parts.entries()) {
    const isFolder = index < parts.length - 1;
    const place = parts.slice(0, index + 1).join('/');
    if (isFolder && FORBIDDEN_FOLDERS.has(part)) {
      faults.push(`${place}: no folder may be called '${part}'. Name it after what its files do.`);
    }
    if (!KEBAB_CASE.test(part) && !FIXED_NAMES.test(part)) {
      faults.push(`${place}: write the name in kebab-case.`);
    }
  }
  return faults;
}

interface DefaultExport {
  /** As `line:column`. */
  readonly place: string;
  readonly isPlugin: boolean;
}

/** The default exports of a file, and whether each is made by `definePlugin`. */
function defaultExports(file: string, text: string): DefaultExport[] {
  const source = parseTypeScript(file, text);
  const isDefault = (node: ts.Statement): boolean => {
    if (ts.isExportAssignment(node)) return true;
    if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause)) {
      return node.exportClause.elements.some((element) => element.name.text === 'default');
    }
    const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
    return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
  };
  const isPlugin = (node: ts.Statement): boolean =>
    ts.isExportAssignment(node) &&
    ts.isCallExpression(node.expression) &&
    node.expression.expression.getText(source) === 'definePlugin';
  return source.statements.filter(isDefault).map((node) => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
    return { place: `${line + 1}:${character + 1}`, isPlugin: isPlugin(node) };
  });
}

export function checkNames(root: string): CheckResult {
  const files = PLACES.flatMap((place) => listFiles(root, place));
  const faults = new Set(files.flatMap(judgePath));
  const pluginDoors = readPackages(root)
    .filter(({ kind }) => kind === 'plugin')
    .map(({ folder }) => `packages/${folder}/src/index.ts`);
  for (const file of files.filter(isTypeScript)) {
    // Tools ask for the default export of their configuration files.
    if (file.endsWith('.config.ts')) continue;
    const found = defaultExports(file, readFileSync(join(root, file), 'utf8'));
    if (pluginDoors.includes(file) && found.length === 0) {
      faults.add(`${file}: has no default export. That of a plugin's index is the plugin.`);
    }
    // Not only packages of the kind `plugin`: a storage adapter is loaded as one, too.
    const isDoor = /^packages\/[^/]+\/src\/index\.ts$/.test(file);
    for (const { place, isPlugin } of found) {
      if (isDoor && (isPlugin || pluginDoors.includes(file))) continue;
      faults.add(`${file}:${place}: export it by name. Only a plugin is a default export.`);
    }
  }
  return { faults: [...faults], summary: `${files.length} files are named as agreed` };
}

export const namesCheck: Check = {
  name: 'names',
  needsBuild: false,
  run: () => checkNames(ROOT),
};
