import type { Labels } from '@labkeeper/core';

/** Where a file system is mounted and what it is. */
export interface Mount {
  readonly mountpoint: string;
  readonly device: string;
  readonly filesystem: string;
}

export function mountOf(labels: Labels): Mount {
  return {
    mountpoint: labels.mountpoint ?? '',
    device: labels.device ?? '',
    filesystem: labels.fstype ?? '',
  };
}

/**
 * One mount per device, the one with the shortest path: a container sees the same disk under /etc/hosts and
 * /etc/resolv.conf too, and btrfs shows every subvolume with the fill level of the whole.
 */
export function oneMountPerDevice<Item extends { readonly mount: Mount }>(items: readonly Item[]): Item[] {
  const byDevice = new Map<string, Item>();
  for (const item of items) {
    const { device, mountpoint } = item.mount;
    // Without a path-like name nothing says that two mounts are the same: ZFS datasets, network shares.
    const key = device.startsWith('/dev/') ? device : `${device} ${mountpoint}`;
    const shown = byDevice.get(key);
    if (!shown || isShorter(mountpoint, shown.mount.mountpoint)) byDevice.set(key, item);
  }
  return [...byDevice.values()].sort((a, b) => (a.mount.mountpoint < b.mount.mountpoint ? -1 : 1));
}

function isShorter(a: string, b: string): boolean {
  return a.length < b.length || (a.length === b.length && a < b);
}

/**
 * How full, in percent, as df says it: of what people may use, without the blocks reserved for root.
 * `size − free` is used; `available` is what people may still write.
 */
export function fillPercent(disk: {
  readonly size: number;
  readonly free: number;
  readonly available: number;
}): number {
  const used = disk.size - disk.free;
  return (100 * used) / (used + disk.available);
}
