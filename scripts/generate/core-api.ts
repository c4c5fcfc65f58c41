import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../workspace.js';
import { type GeneratedFile, NOTICE } from './generated-file.js';

const DOORS = [
  { door: '@labkeeper/core', file: 'packages/core/dist/index.d.ts' },
  { door: '@labkeeper/core/runtime', file: 'packages/core/dist/runtime.d.ts' },
];
/** A table of values with more keys than this is shown by its keys: the texts in it are no part of the interface. */
const MOST_KEYS_SHOWN = 20;

const printer = ts.createPrinter({ removeComments: true });

/** The list of keys in place of a long object type. */
function keysOfTable(node: ts.Declaration): string | undefined {
  if (!ts.isVariableDeclaration(node) || !node.type || !ts.isTypeLiteralNode(node.type)) return undefined;
  const keys = node.type.members.map((member) => member.name?.getText() ?? '?');
  return keys.length > MOST_KEYS_SHOWN ? `const ${node.name.getText()}: { ${keys.join(', ')} }` : undefined;
}

function declarationText(node: ts.Declaration): string {
  const table = keysOfTable(node);
  if (table !== undefined) return table;
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  const statement = ts.isVariableDeclaration(node) ? `const ${text}` : text;
  return statement.replace(/^(export )?(declare )?/, '').replace(/;$/, '');
}

function reportDoor(checker: ts.TypeChecker, source: ts.SourceFile): string[] {
  const door = checker.getSymbolAtLocation(source);
  if (!door) throw new Error(`${source.fileName} exports nothing.`);
  const names = [...checker.getExportsOfModule(door)].sort((a, b) => (a.name < b.name ? -1 : 1));
  return names.map((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    // Declared elsewhere (typebox): its name is what this door promises.
    const own = (target.declarations ?? []).filter(
      (node) => !node.getSourceFile().fileName.includes('/node_modules/'),
    );
    if (own.length === 0) return `// from another package: ${symbol.name}`;
    return own.map(declarationText).join('\n');
  });
}

/** Everything core exports with its signatures: a change to what plugins rely on shows in a diff. */
export function coreApiReport(): GeneratedFile {
  const files = DOORS.map(({ file }) => join(ROOT, file));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ['node'],
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const sections = DOORS.map(({ door, file }) => {
    const source = program.getSourceFile(join(ROOT, file));
    if (!source) throw new Error(`${file} is not built.`);
    return `## ${door}\n\n\`\`\`ts\n${reportDoor(checker, source).join('\n\n')}\n\`\`\``;
  });
  const content = `<!-- ${NOTICE} -->

# What core exports

Whoever changes a line here changes what plugins and programs rely on: say so in the changeset.

${sections.join('\n\n')}
`;
  return { path: 'docs/reference/core-api.md', content };
}
