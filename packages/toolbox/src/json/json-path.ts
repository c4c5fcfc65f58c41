import { createRequire } from 'node:module';

type PathLibrary = typeof import('json-p3');
type JsonValue = Parameters<PathLibrary['JSONPathQuery']['prototype']['query']>[0];

const require = createRequire(import.meta.url);
let environment: InstanceType<PathLibrary['JSONPathEnvironment']> | undefined;

/** A compiled path. Gives every value it selects; none when the document has nothing there. */
export type JsonPath = (document: unknown) => readonly unknown[];

/**
 * Compiles a JSONPath (RFC 9535) such as `$.data[0].status`. Throws a RangeError that says what is wrong and where.
 * Evaluates by walking a syntax tree: nothing is ever run as code.
 */
export function compileJsonPath(path: string): JsonPath {
  const query = parse(path);
  return (document) => query.query(document as JsonValue).values();
}

function parse(path: string): ReturnType<InstanceType<PathLibrary['JSONPathEnvironment']>['compile']> {
  try {
    return pathEnvironment().compile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`'${path}' is not a JSON path: ${reason}`, { cause: error });
  }
}

/** Loaded when the first path is compiled: most checks have none, and the library is 7 MB of memory. */
function pathEnvironment(): InstanceType<PathLibrary['JSONPathEnvironment']> {
  if (environment) return environment;
  const { JSONPathEnvironment } = require('json-p3') as PathLibrary;
  environment = new JSONPathEnvironment();
  // They run JavaScript's own expressions, which a page could make run for minutes.
  for (const name of ['match', 'search']) environment.functionRegister.delete(name);
  return environment;
}
