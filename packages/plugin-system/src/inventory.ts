import { cpus, hostname, networkInterfaces, totalmem } from 'node:os';
import type { AttributeValue, EntityId, EntityObservation } from '@labkeeper/core';
import { osRelease } from './os-release.js';
import { machineName } from './parts/os.js';
import type { SystemFiles } from './system-files.js';

/** The entity of a machine: `server:` and its name in the alphabet of server ids. */
export function serverEntity(name: string): EntityId {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `server:${slug === '' ? 'localhost' : slug}`;
}

/** What is known of the machine apart from numbers that move. Costs some system calls, so it is not asked every time. */
export function inventory(files: SystemFiles, id: EntityId): EntityObservation {
  const fields = osRelease(files);
  const address = firstAddress();
  const attributes: Record<string, AttributeValue> = {
    hostname: hostname(),
    ip_address: address?.address ?? null,
    mac_address: address?.mac ?? null,
    os_distribution: fields.NAME ?? null,
    os_version: fields.VERSION_ID ?? null,
    kernel: files.procIfPresent('sys/kernel/osrelease')?.trim() ?? null,
    architecture: machineName(),
    boot_time_ms: bootTimeMs(files),
    cpu_count: cpus().length,
    memory_bytes: totalmem(),
  };
  return { id, displayName: hostname(), attributes };
}

/** The first address that other machines can see; IPv4 before IPv6, because people type it. */
function firstAddress() {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  return outside.find(({ family }) => family === 'IPv4') ?? outside[0];
}

function bootTimeMs(files: SystemFiles): number | null {
  const seconds = /^btime ([0-9]+)$/m.exec(files.procIfPresent('stat') ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
