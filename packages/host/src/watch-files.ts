import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Timer } from '@labkeeper/core';

/** Editors write a file in several steps within some milliseconds; this long after the last one it is read. */
const SETTLE_MS = 250;

export interface FileWatch {
  /** Watches these files from now on. Absolute paths; they need not exist. Cancels no change that was noticed already. */
  update(files: readonly string[]): void;
  /**
   * Somebody is about to read the files: what stands in them now is known from here on. Called before the reading, so that
   * what is written during it is a change again.
   */
  aboutToRead(): void;
  close(): void;
}

/**
 * Tells when the content of one of the files has changed. Watches their folders, because many editors and all secret
 * mounts replace a file instead of writing into it. Silent where the file system sends no events (some network mounts).
 */
export function watchFiles(clock: Clock, onChange: () => void): FileWatch {
  /** What is known of each file: a digest of its content. */
  let seen = new Map<string, string>();
  let watchers: FSWatcher[] = [];
  let settling: Timer | undefined;
  const aboutToRead = (): void => {
    for (const file of seen.keys()) seen.set(file, contentOf(file));
  };
  const isSame = (): boolean => [...seen].every(([file, content]) => contentOf(file) === content);
  const look = (): void => {
    if (isSame()) return;
    aboutToRead();
    onChange();
  };
  const touched = (name: string | null): void => {
    if (name !== null && !concerns(name, [...seen.keys()])) return;
    settling?.cancel();
    settling = clock.setTimer(look, SETTLE_MS);
  };
  const closeWatchers = (): void => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const close = (): void => {
    settling?.cancel();
    closeWatchers();
  };
  const update = (next: readonly string[]): void => {
    closeWatchers();
    // What is known of a file stays: somebody may have written it since it was read.
    seen = new Map(next.map((file) => [file, seen.get(file) ?? contentOf(file)]));
    watchers = [...new Set(next.map((file) => dirname(file)))].flatMap((folder) =>
      watchFolder(folder, touched),
    );
    // Between two watchers nobody is looking, and an event that the old one had not delivered is gone.
    if (!isSame()) touched(null);
  };
  return { update, aboutToRead, close };
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

function contentOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return 'missing';
  }
}
