import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Timer } from '@labkeeper/core';

/** Editors write a file in several steps within some milliseconds; this long after the last one it is read. */
const SETTLE_MS = 250;

export interface FileWatch {
  /** Watches these files from now on. Absolute paths; they need not exist. */
  update(files: readonly string[]): void;
  close(): void;
}

/**
 * Tells when the content of one of the files has changed. Watches their folders, because many editors and all secret
 * mounts replace a file instead of writing into it. Silent where the file system sends no events (some network mounts).
 */
export function watchFiles(clock: Clock, onChange: () => void): FileWatch {
  let files: readonly string[] = [];
  let watchers: FSWatcher[] = [];
  let seen = '';
  let settling: Timer | undefined;
  const look = (): void => {
    const content = contentOf(files);
    if (content === seen) return;
    seen = content;
    onChange();
  };
  const touched = (name: string | null): void => {
    if (name !== null && !concerns(name, files)) return;
    settling?.cancel();
    settling = clock.setTimer(look, SETTLE_MS);
  };
  const close = (): void => {
    settling?.cancel();
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const update = (next: readonly string[]): void => {
    close();
    // For the same files the content known last stays: a change during a reading is then found by the next event.
    if (next.join('\n') !== files.join('\n')) {
      files = next;
      seen = contentOf(files);
    }
    watchers = [...new Set(files.map((file) => dirname(file)))].flatMap((folder) =>
      watchFolder(folder, touched),
    );
  };
  return { update, close };
}

function watchFolder(folder: string, touched: (name: string | null) => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => touched(name));
    // The folder itself may go away; SIGHUP still works.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

/** Secret mounts swap a hidden folder (`..data`) behind the names; everything else in the folder is somebody else's. */
function concerns(name: string, files: readonly string[]): boolean {
  return name.startsWith('..') || files.some((file) => basename(file) === name);
}

function contentOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    try {
      hash.update(readFileSync(file)).update('\0');
    } catch {
      hash.update('missing\0');
    }
  }
  return hash.digest('hex');
}
