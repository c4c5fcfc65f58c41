import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Timer } from '@labkeeper/core';
import { meetsPattern } from '@labkeeper/rules';
import { filesMeeting, type Place } from './config/rule-paths.js';

/** Editors write a file in several steps within some milliseconds; this long after the last one it is read. */
const SETTLE_MS = 250;

/** What is watched: absolute paths that need not exist. */
export interface WatchedFiles {
  /** Files whose content matters. */
  readonly files: readonly string[];
  /** Paths, with or without `*`, `?` and `[a-c]`, of which it matters which files they meet. */
  readonly patterns: readonly string[];
}

export interface FileWatch {
  /** Watches these from now on. Cancels no change that was noticed already. */
  update(watched: WatchedFiles): void;
  /**
   * Somebody is about to read the files: what stands in them now is known from here on. Called before the reading, so that
   * what is written during it is a change again.
   */
  aboutToRead(): void;
  close(): void;
}

/** One thing that is watched. */
interface Watched {
  /** How it is now, as a text that differs when it does. */
  read(): string;
  /** Where something happens when it changes. Asked anew each time: folders come and go. */
  places(): readonly Place[];
}

/**
 * Tells when the content of one of the files has changed, or when a pattern meets other files. Watches their folders, because
 * many editors and all secret mounts replace a file instead of writing into it. Silent where the file system sends no events
 * (some network mounts).
 */
export function watchFiles(clock: Clock, onChange: () => void): FileWatch {
  let watched = new Map<string, Watched>();
  let seen = new Map<string, string>();
  let watchers: FSWatcher[] = [];
  let settling: Timer | undefined;
  const aboutToRead = (): void => {
    for (const [key, one] of watched) seen.set(key, one.read());
  };
  const isSame = (): boolean => [...watched].every(([key, one]) => one.read() === seen.get(key));
  const look = (): void => {
    // A folder that is new, or stands where another one stood, has no watcher yet. First watch, then read: nothing falls between.
    openWatchers();
    if (isSame()) return;
    aboutToRead();
    onChange();
  };
  const touched = (): void => {
    settling?.cancel();
    settling = clock.setTimer(look, SETTLE_MS);
  };
  const closeWatchers = (): void => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const openWatchers = (): void => {
    closeWatchers();
    const places = [...watched.values()].flatMap((one) => one.places());
    watchers = [...namesByFolder(places)].flatMap(([folder, names]) => watchFolder(folder, names, touched));
  };
  const close = (): void => {
    settling?.cancel();
    closeWatchers();
  };
  const update = ({ files, patterns }: WatchedFiles): void => {
    watched = new Map([...files.map(watchedFile), ...patterns.map(watchedPattern)]);
    // What is known of a file stays: somebody may have written it since it was read.
    seen = new Map([...watched].map(([key, one]) => [key, seen.get(key) ?? one.read()]));
    openWatchers();
    // Between two watchers nobody is looking, and an event that the old one had not delivered is gone.
    if (!isSame()) touched();
  };
  return { update, aboutToRead, close };
}

function watchedFile(file: string): [key: string, Watched] {
  const places = [{ folder: dirname(file), name: basename(file) }];
  return [`file ${file}`, { read: () => contentOf(file), places: () => places }];
}

function watchedPattern(pattern: string): [key: string, Watched] {
  const read = () => filesMeeting(pattern).files.join('\n');
  return [`pattern ${pattern}`, { read, places: () => filesMeeting(pattern).places }];
}

function namesByFolder(places: readonly Place[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { folder, name } of places) names.set(folder, (names.get(folder) ?? new Set()).add(name));
  return names;
}

function watchFolder(folder: string, names: ReadonlySet<string>, touched: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || concerns(name, names)) touched();
    });
    // The folder itself may go away; SIGHUP still works.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

/** Secret mounts swap a hidden folder (`..data`) behind the names; everything else in the folder is somebody else's. */
function concerns(name: string, names: ReadonlySet<string>): boolean {
  return name.startsWith('..') || names.has(name) || [...names].some((each) => meetsPattern(name, each));
}

function contentOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return 'missing';
  }
}
