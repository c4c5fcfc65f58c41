import ts from 'typescript';

export interface Import {
  readonly specifier: string;
  /** `type` vanishes when compiled; `dynamic` loads when it is reached. */
  readonly form: 'static' | 'type' | 'dynamic';
  readonly line: number;
  readonly column: number;
}

function isTypeOnlyImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || !ts.isNamedImports(bindings) || bindings.elements.length === 0)
    return false;
  return bindings.elements.every((element) => element.isTypeOnly);
}

function isTypeOnlyExport(node: ts.ExportDeclaration): boolean {
  if (node.isTypeOnly) return true;
  const clause = node.exportClause;
  if (!clause || !ts.isNamedExports(clause) || clause.elements.length === 0) return false;
  return clause.elements.every((element) => element.isTypeOnly);
}

/** `import('x')`, `require('x')`, `require.resolve('x')`, `import.meta.resolve('x')`, `vi.mock('x')`. */
function isLoadingCall(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  return /^(require|require\.resolve|import\.meta\.resolve|vi\.(mock|doMock|importActual|importMock))$/.test(
    callee.getText(),
  );
}

function loadedModule(node: ts.Node): { text: ts.Node; form: Import['form'] } | undefined {
  if (ts.isImportDeclaration(node)) {
    return { text: node.moduleSpecifier, form: isTypeOnlyImport(node.importClause) ? 'type' : 'static' };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { text: node.moduleSpecifier, form: isTypeOnlyExport(node) ? 'type' : 'static' };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { text: node.argument.literal, form: 'type' };
  }
  if (ts.isCallExpression(node) && node.arguments[0] && isLoadingCall(node.expression)) {
    return { text: node.arguments[0], form: 'dynamic' };
  }
  return undefined;
}

/** Every module that a file names, with the place. A name that is computed cannot be seen. */
export function readImports(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const loaded = loadedModule(node);
    if (loaded && ts.isStringLiteralLike(loaded.text)) {
      const { line, character } = source.getLineAndCharacterOfPosition(loaded.text.getStart(source));
      found.push({ specifier: loaded.text.text, form: loaded.form, line: line + 1, column: character + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Parents are set, so that nodes can tell their text. */
export function parseTypeScript(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}
