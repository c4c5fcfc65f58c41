import { lines, type SystemFiles, words } from './system-files.js';
import type { SystemOptions } from './system-options.js';

/** One mounted file system. */
export interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly readonly: boolean;
}

/** The mounts that are worth watching: what the options exclude is gone, and each mount point stands once. */
export function mountsOf(files: SystemFiles, options: SystemOptions): readonly Mount[] {
  const excludedMounts = new RegExp(options.exclude_mounts);
  const excludedTypes = new RegExp(options.exclude_filesystems);
  // The first process sees the machine's mounts, also from within a container that was given the host's /proc.
  const text = files.procIfPresent('1/mounts') ?? files.proc('self/mounts');
  const byPoint = new Map<string, Mount>();
  for (const mount of lines(text).map(parseMount)) {
    if (excludedMounts.test(mount.mountpoint) || excludedTypes.test(mount.fstype)) continue;
    // A later mount on the same point hides the earlier one.
    byPoint.set(mount.mountpoint, mount);
  }
  return [...byPoint.values()];
}

function parseMount(line: string): Mount {
  const [device = '', mountpoint = '', fstype = '', flags = ''] = words(line).map(unescapeOctal);
  return { device, mountpoint, fstype, readonly: flags.split(',').includes('ro') };
}

/** Blanks in names are written as `\040` (fstab(5)). */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
