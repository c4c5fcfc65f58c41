import { lines, type SystemFiles } from './system-files.js';

/** The fields of os-release(5), quotes removed; empty where there is no such file. */
export function osRelease(files: SystemFiles): Readonly<Record<string, string>> {
  const text = files.rootIfPresent('etc/os-release') ?? files.rootIfPresent('usr/lib/os-release') ?? '';
  const fields: Record<string, string> = {};
  for (const line of lines(text)) {
    const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (match?.[1]) fields[match[1]] = match[3] ?? '';
  }
  return fields;
}
