import { isAbsolute, join } from 'node:path';

/** Where unit tests and their rules are read from. */
export interface RuleTestFiles {
  /** Rejects when there is no such file. */
  readonly readFile: (path: string) => Promise<string>;
  /** Names of what lies in a folder. Rejects when there is no such folder. Asked only for patterns with `*`, `?` or `[`. */
  readonly readFolder: (path: string) => Promise<readonly string[]>;
}

const IS_PATTERN = /[*?[]/;

/** The files of one entry of `rule_files`, seen from `folder`: one file, or all that a pattern meets, by name. May be none. */
export async function findFiles(pattern: string, folder: string, files: RuleTestFiles): Promise<string[]> {
  const path = isAbsolute(pattern) ? pattern : join(folder, pattern);
  const start = isAbsolute(path) ? '/' : '.';
  let found = [start];
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next = await Promise.all(found.map((parent) => children(parent, name, files)));
    found = next.flat();
  }
  return found;
}

async function children(parent: string, name: string, files: RuleTestFiles): Promise<string[]> {
  if (!IS_PATTERN.test(name)) return [join(parent, name)];
  try {
    const names = await files.readFolder(parent);
    return names
      .filter((each) => meetsPattern(each, name))
      .sort()
      .map((each) => join(parent, each));
  } catch {
    // A folder that is not there holds nothing, as in Go's filepath.Glob.
    return [];
  }
}

/** `*` is any run of letters, `?` one letter, `[a-c]` one of a set, `[^a]` one that is not. Takes time in proportion to both lengths. */
export function meetsPattern(name: string, pattern: string): boolean {
  const parts = pattern.match(/\[[^\]]*\]|[^[]|\[/g) ?? [];
  let [at, part, retryAt, retryPart] = [0, 0, -1, -1];
  while (at < name.length) {
    const wanted = parts[part];
    if (wanted === '*') [retryAt, retryPart, part] = [at, part, part + 1];
    else if (wanted !== undefined && meetsOne(name.charAt(at), wanted)) [at, part] = [at + 1, part + 1];
    // Go back to the last star and let it take one letter more. Earlier stars never need to change.
    else if (retryPart >= 0) [at, part, retryAt] = [retryAt + 1, retryPart + 1, retryAt + 1];
    else return false;
  }
  return parts.slice(part).every((rest) => rest === '*');
}

function meetsOne(letter: string, wanted: string): boolean {
  if (wanted === '?') return true;
  if (!/^\[.+\]$/.test(wanted)) return letter === wanted;
  const isNegated = wanted.charAt(1) === '^';
  const ranges = wanted.slice(isNegated ? 2 : 1, -1).match(/.-.|./g) ?? [];
  const isIn = ranges.some((range) => letter >= range.charAt(0) && letter <= range.charAt(range.length - 1));
  return isIn !== isNegated;
}
