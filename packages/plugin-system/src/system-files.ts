import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The kernel's files. Read synchronously on purpose: they live in memory and answer in some ten microseconds, while an
 * asynchronous read costs four trips through the thread pool, which is ten times the CPU and starves real disk work.
 * Mounts are the exception, because a network file system can hang; see the filesystem part.
 */
export interface SystemFiles {
  /** Text of a file under the proc folder. Throws when it is missing. */
  proc(path: string): string;
  /** The same, or undefined when it is missing or the kernel refuses. */
  procIfPresent(path: string): string | undefined;
  /** Trimmed text of a file under the sys folder, or undefined. */
  sysIfPresent(path: string): string | undefined;
  /** Names in a folder under the sys folder; none when it is missing. */
  sysFolder(path: string): readonly string[];
  /** Trimmed text of a file under the root folder, or undefined. */
  rootIfPresent(path: string): string | undefined;
}

/** The files under the given folders. */
export function systemFiles(roots: {
  readonly proc: string;
  readonly sys: string;
  readonly root: string;
}): SystemFiles {
  return {
    proc: (path) => readFileSync(join(roots.proc, path), 'utf8'),
    procIfPresent: (path) => readIfPresent(join(roots.proc, path)),
    sysIfPresent: (path) => readIfPresent(join(roots.sys, path))?.trim(),
    sysFolder: (path) => listIfPresent(join(roots.sys, path)),
    rootIfPresent: (path) => readIfPresent(join(roots.root, path))?.trim(),
  };
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Missing, or a driver that answers EINVAL to the read: both mean that this machine does not have the value.
    return undefined;
  }
}

function listIfPresent(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

/** The words of a line, split at white space. */
export function words(line: string): string[] {
  return line.trim().split(/\s+/);
}

/** The lines of a text that hold anything. */
export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
