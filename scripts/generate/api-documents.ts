import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { type GeneratedFile, NOTICE } from './generated-file.js';

/** The version of the interface, not of the program: a release that changes nothing here changes no file. */
const API_VERSION = 'v1';

type OpenApi = Exclude<Parameters<typeof openapiTypes>[0], string | URL | Buffer>;

/** What the host's API looks like from outside: its OpenAPI document, and its shapes as types for the page. */
export async function apiDocuments(): Promise<GeneratedFile[]> {
  // Loaded here: a file that needs no host can be generated without one.
  const { openApiDocument } = await import('labkeeper');
  const document = await openApiDocument(API_VERSION);
  return [
    { path: 'docs/reference/openapi.json', content: `${JSON.stringify(document, null, 2)}\n` },
    {
      path: 'packages/ui/src/data/api-schema.ts',
      content: `// ${NOTICE}\n${await shapesOf(document as OpenApi)}`,
    },
  ];
}

/** The named shapes as types. Paths are left out: the page needs none of their thousand lines. */
async function shapesOf(document: OpenApi): Promise<string> {
  const statements = await openapiTypes({ ...document, paths: {} } as OpenApi);
  return astToString(
    statements.filter((node) => ts.isInterfaceDeclaration(node) && node.name.text === 'components'),
  );
}
