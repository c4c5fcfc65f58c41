import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { meetsPattern } from '@labkeeper/rules';

/** A folder, and the name or pattern of what matters in it. */
export interface Place {
  readonly folder: string;
  readonly name: string;
}

/** What a path or pattern meets now, and where something has to happen for it to meet something else. */
export interface Met {
  /** Absolute, in each folder by name. */
  readonly files: readonly string[];
  /** In folders that exist. None for a file that is there and is named without a pattern. */
  readonly places: readonly Place[];
}

/** True for a path that may meet any number of files, also none. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Follows an absolute path of rule files, with or without `*`, `?` and `[a-c]`. A folder that cannot be read holds nothing. */
export function filesMeeting(path: string): Met {
  const names = path.split('/').filter((name) => name !== '');
  const places: Place[] = [];
  let found = ['/'];
  for (const [index, name] of names.entries()) {
    const isEdge = isPattern(name) || isPattern(names[index + 1] ?? '');
    found = found.flatMap((folder) => {
      const next = children(folder, name);
      // Of the folders above, only the last one that is there: a missing one may come, and the searched one may be replaced.
      if (isEdge || next.length === 0) places.push({ folder, name });
      return next;
    });
  }
  return { files: found, places };
}

function children(folder: string, name: string): string[] {
  if (!isPattern(name)) return [join(folder, name)].filter((path) => existsSync(path));
  return namesIn(folder)
    .filter((each) => meetsPattern(each, name))
    .sort()
    .map((each) => join(folder, each));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
