import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { listFiles, type Package, ROOT, readPackages } from '../workspace.js';
import type { Check, CheckResult } from './check.js';
import { parseTypeScript, readImports } from './read-imports.js';

const CORE = '@labkeeper/core';
const TESTKIT = '@labkeeper/testkit';

function findCalls(source: ts.SourceFile, name: RegExp): ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && name.test(node.expression.text)) {
      found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The name that a plugin gives itself in `definePlugin({ name: '…' })`. */
function declaredName(indexFile: string): string | undefined {
  const source = parseTypeScript(indexFile, readFileSync(indexFile, 'utf8'));
  const definition = findCalls(source, /^definePlugin$/)[0]?.arguments[0];
  if (!definition || !ts.isObjectLiteralExpression(definition)) return undefined;
  for (const property of definition.properties) {
    const isName = ts.isPropertyAssignment(property) && property.name.getText(source) === 'name';
    if (isName && ts.isStringLiteralLike(property.initializer)) return property.initializer.text;
  }
  return undefined;
}

function callsConformanceSuite(file: string): boolean {
  const source = parseTypeScript(file, readFileSync(file, 'utf8'));
  const usesTestkit = readImports(source).some(({ specifier }) => specifier === TESTKIT);
  return usesTestkit && findCalls(source, /^conformPlugin$/).length > 0;
}

function judgeCoreRanges({ manifest }: Package): string[] {
  const faults: string[] = [];
  const peer = manifest.peerDependencies?.[CORE];
  const dev = manifest.devDependencies?.[CORE];
  if (manifest.dependencies?.[CORE]) {
    faults.push(
      `${CORE} may not be a dependency: two copies of the contract would meet in one process. Make it a peer.`,
    );
  }
  if (!peer?.startsWith('^')) {
    faults.push(`peerDependencies needs ${CORE} with a caret range, such as ^0; found ${peer ?? 'nothing'}.`);
  } else if (/^\^0\.\d/.test(peer)) {
    // ^0.1.0 ends before 0.2.0: each minor of core would be out of range and force a major on every plugin.
    faults.push(
      `the peer range ${peer} of ${CORE} ends at the next minor. Write ^0 as long as core is below 1.0.0.`,
    );
  }
  if (!dev?.startsWith('^')) {
    // Build order follows devDependencies: peers are not seen by turbo.
    faults.push(`devDependencies needs ${CORE} with a caret range as well; found ${dev ?? 'nothing'}.`);
  }
  return faults;
}

function judgeNames({ folder, path, manifest }: Package): string[] {
  const name = /^plugin-([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(folder)?.[1];
  if (name === undefined) return [`the folder must be called plugin-NAME.`];
  const faults: string[] = [];
  if (manifest.name !== `@labkeeper/plugin-${name}`) {
    faults.push(`the package must be called @labkeeper/plugin-${name}; found ${manifest.name}.`);
  }
  const declared = declaredName(join(path, 'src', 'index.ts'));
  if (declared !== name) {
    faults.push(
      `src/index.ts must call definePlugin({ name: '${name}', … }) with the name written out; found ${declared ?? 'none'}.`,
    );
  }
  return faults;
}

function judgePlugin(plugin: Package, root: string): string[] {
  const faults = judgeCoreRanges(plugin);
  for (const file of ['README.md', 'example.yaml', 'src/index.ts']) {
    if (!existsSync(join(plugin.path, file))) faults.push(`${file} is missing.`);
  }
  if (existsSync(join(plugin.path, 'src/index.ts'))) faults.push(...judgeNames(plugin));
  const tests = listFiles(root, `packages/${plugin.folder}/src`).filter((file) => file.endsWith('.test.ts'));
  if (!tests.some((file) => callsConformanceSuite(join(root, file)))) {
    faults.push(`no test calls conformPlugin of ${TESTKIT}.`);
  }
  return faults.map((fault) => `packages/${plugin.folder}: ${fault}`);
}

export function checkPlugins(root: string): CheckResult {
  const plugins = readPackages(root).filter(({ kind }) => kind === 'plugin');
  return {
    faults: plugins.flatMap((plugin) => judgePlugin(plugin, root)),
    summary: `${plugins.length} plugins are complete and tested by the conformance suite`,
  };
}

export const pluginsCheck: Check = {
  name: 'plugins',
  needsBuild: false,
  run: () => checkPlugins(ROOT),
};
