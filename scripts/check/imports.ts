import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isTypeScript, listFiles, type Package, ROOT, readPackages } from '../workspace.js';
import type { Check, CheckResult } from './check.js';
import { CORE_LAYERS, CORE_RUNTIME, type ImportRule, ruleFor, TESTKIT } from './import-rules.js';
import { type Import, parseTypeScript, readImports } from './read-imports.js';

/** Tests, and what only tests use. Neither is built nor published. */
function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || /\/src\/(.+\/)?testing\//.test(file);
}

/** Everything a rule needs to judge one file. */
interface Place {
  readonly file: string;
  /** Undefined outside packages/: scripts, benches, end-to-end tests. */
  readonly owner: Package | undefined;
  readonly rule: ImportRule;
  readonly packages: readonly Package[];
}

/** Scripts, benches and end-to-end tests stand outside the house: any door, but no window. */
const OUTSIDE: ImportRule = { doors: [] };

/** Packages the testkit stands on: if their own tests imported it, the packages would form a circle. */
function belowTestkit(packages: readonly Package[]): ReadonlySet<string> {
  const below = new Set<string>();
  const add = (name: string): void => {
    const found = packages.find((candidate) => candidate.manifest.name === name);
    if (!found || below.has(name)) return;
    below.add(name);
    const { dependencies = {}, peerDependencies = {} } = found.manifest;
    for (const next of Object.keys({ ...dependencies, ...peerDependencies })) add(next);
  };
  add(TESTKIT);
  return below;
}

function splitDoor(
  specifier: string,
  packages: readonly Package[],
): { target: Package; door: string } | undefined {
  const target = packages.find(
    ({ manifest }) => specifier === manifest.name || specifier.startsWith(`${manifest.name}/`),
  );
  return target && { target, door: `.${specifier.slice(target.manifest.name.length)}` };
}

function judgeRelative({ specifier }: Import, { file, owner }: Place): string | undefined {
  const reached = posix.join(posix.dirname(file), specifier);
  if (owner) {
    const home = `packages/${owner.folder}`;
    if (!reached.startsWith(`${home}/`)) {
      return `leaves its package. Import another package by its name, through a door in its exports.`;
    }
    return owner.folder === 'core' ? judgeLayer(file, reached) : undefined;
  }
  const into = /^packages\/([^/]+)\/(src|dist)\//.exec(reached);
  return into ? `reaches into packages/${into[1]}/${into[2]}. Import the package by its name.` : undefined;
}

function judgeLayer(file: string, reached: string): string | undefined {
  const layer = (path: string): string | undefined => /^packages\/core\/src\/([^/]+)\//.exec(path)?.[1];
  const from = layer(file);
  const allowed = from === undefined ? undefined : CORE_LAYERS[from];
  const to = layer(reached) ?? 'the doors';
  if (!allowed || allowed.includes(to) || isTest(file)) return undefined;
  return `core/${from} may import ${allowed.join(', ')}, not ${to}. Move what is needed down, or the file up.`;
}

/** What tests may import besides: an empty text allows, undefined leaves it to the rule of the package. */
function judgeTest(door: string, { owner, packages, file }: Place): string | undefined {
  if (!owner || !isTest(file)) return undefined;
  // The hand-driven clock lives behind door 2. Plugins get theirs from the testkit.
  if (door === CORE_RUNTIME && owner.kind !== 'plugin') return '';
  if (door !== TESTKIT && !door.startsWith(`${TESTKIT}/`)) return undefined;
  if (!belowTestkit(packages).has(owner.manifest.name)) return '';
  return `the testkit stands on ${owner.manifest.name}, so tests there must do without it. Test this in the testkit.`;
}

function judgeDoor(imported: Import, place: Place): string | undefined {
  const found = splitDoor(imported.specifier, place.packages);
  if (!found) return undefined;
  const { target, door } = found;
  const { owner, rule } = place;
  if (!target.manifest.exports?.[door]) {
    return `is no door of ${target.manifest.name}. Its doors: ${Object.keys(target.manifest.exports ?? {}).join(', ')}.`;
  }
  if (!owner || door === './package.json' || target === owner) return undefined;
  const ofTests = judgeTest(imported.specifier, place);
  if (ofTests !== undefined) return ofTests || undefined;
  if (rule.doors.includes(imported.specifier)) return undefined;
  if (rule.plugins && target.kind === 'plugin') return undefined;
  if (rule.typeDoors?.includes(imported.specifier)) {
    if (imported.form === 'type') return undefined;
    return `${owner.folder} may import types only from there. Write \`import type\`.`;
  }
  if (rule.dynamicDoors?.includes(imported.specifier)) {
    if (imported.form === 'dynamic' || isTest(place.file)) return undefined;
    return `${owner.folder} may reach it only by \`await import(…)\`.`;
  }
  return refusal(owner, target, rule);
}

function refusal(
  owner: Package,
  target: Package,
  { doors, typeDoors = [], dynamicDoors = [] }: ImportRule,
): string {
  const who = owner.kind === 'plugin' ? 'a plugin' : owner.folder;
  if (owner.kind === 'plugin' && target.kind === 'plugin') {
    return 'a plugin may not import another plugin. What two plugins share belongs to the toolbox.';
  }
  const allowed = [...doors, ...typeDoors, ...dynamicDoors];
  const list =
    allowed.length > 0 ? `It may import ${allowed.join(', ')}.` : 'It may import no other package.';
  return `${who} may not import it. ${list}`;
}

function filesToCheck(root: string): string[] {
  const folders = ['packages', 'e2e', 'bench', 'scripts', 'examples'];
  return folders.flatMap((folder) => listFiles(root, folder)).filter(isTypeScript);
}

/** Judges every import under `root`. Apart from {@link importsCheck} so that its test can hand it a small tree. */
export function checkImports(root: string): CheckResult {
  const packages = readPackages(root);
  const faults: string[] = [];
  for (const owner of packages) {
    if (!ruleFor(owner)) {
      faults.push(
        `packages/${owner.folder}: has no import rule. Add a line to scripts/check/import-rules.ts.`,
      );
    }
  }
  const files = filesToCheck(root);
  for (const file of files) {
    const owner = packages.find(({ folder }) => file.startsWith(`packages/${folder}/src/`));
    // Configuration files of packages share what is in build/; they are no part of the product.
    if (!owner && file.startsWith('packages/')) continue;
    const place = { file, owner, rule: (owner && ruleFor(owner)) ?? OUTSIDE, packages };
    for (const imported of readImports(parseTypeScript(file, readFileSync(join(root, file), 'utf8')))) {
      const judge = imported.specifier.startsWith('.') ? judgeRelative : judgeDoor;
      const fault = judge(imported, place);
      if (fault)
        faults.push(`${file}:${imported.line}:${imported.column}: '${imported.specifier}': ${fault}`);
    }
  }
  return { faults, summary: `${files.length} files import only what they may` };
}

export const importsCheck: Check = {
  name: 'imports',
  needsBuild: false,
  run: () => checkImports(ROOT),
};
