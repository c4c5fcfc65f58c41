import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One recorded case: a folder named after the behaviour it shows. */
export interface Testcase {
  /** The folder's name with spaces for dashes: the sentence for the test. */
  readonly name: string;
  readonly directory: string;
  /** Absolute path of a file in the folder. */
  path(file: string): string;
  /** Text of a file in the folder. Throws when it is missing. */
  read(file: string): string;
  /** Whether the folder has the file. */
  has(file: string): boolean;
}

/**
 * The folders under `testcases/` beside a test file, sorted. Throws when there are none, because a suite over nothing
 * would pass.
 * @example for (const testcase of loadTestcases(import.meta.url)) it(testcase.name, () => { … });
 */
export function loadTestcases(testFileUrl: string, folder = 'testcases'): readonly Testcase[] {
  const root = fileURLToPath(new URL(`./${folder}/`, testFileUrl));
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (folders.length === 0) throw new Error(`${root} has no testcase folders`);
  return folders.map(({ name }) => testcase(join(root, name), name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function testcase(directory: string, folder: string): Testcase {
  const path = (file: string) => join(directory, file);
  return {
    name: folder.replaceAll('-', ' '),
    directory,
    path,
    read: (file) => readFileSync(path(file), 'utf8'),
    has: (file) => existsSync(path(file)),
  };
}
