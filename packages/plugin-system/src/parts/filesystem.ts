import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@labkeeper/core';
import { type Mount, mountsOf } from '../mounts.js';
import type { Part, PartContext, Report } from '../part.js';

const LABELS = ['device', 'fstype', 'mountpoint'] as const;
/** A mount that takes longer is given up for this collection; node_exporter waits 5 s. */
const MOUNT_TIMEOUT_MS = 2_000;
/**
 * Each hanging call holds one of Node's four file threads until the server is back. With two gone, network file systems
 * are not asked any more, so that the rest of the program keeps its disk.
 */
const MAX_HANGING = 2;
const NETWORK_FILESYSTEM = /^(nfs[34]?|cifs|smb3?|ceph|glusterfs|9p|fuse\..+)$/;

/** Every mounted file system. Asked asynchronously, because a network file system can hang for ever. */
export const filesystem: Part = {
  name: 'filesystem',
  metrics: [
    {
      name: 'node_filesystem_size_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Filesystem size in bytes.',
      labels: [...LABELS],
    },
    {
      name: 'node_filesystem_free_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Filesystem free space in bytes.',
      labels: [...LABELS],
    },
    {
      name: 'node_filesystem_avail_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Filesystem space available to non-root users in bytes.',
      labels: [...LABELS],
    },
    {
      name: 'node_filesystem_files',
      type: 'gauge',
      help: 'Filesystem total file nodes.',
      labels: [...LABELS],
    },
    {
      name: 'node_filesystem_files_free',
      type: 'gauge',
      help: 'Filesystem total free file nodes.',
      labels: [...LABELS],
    },
    {
      name: 'node_filesystem_readonly',
      type: 'gauge',
      help: 'Filesystem read-only status.',
      labels: [...LABELS],
    },
    {
      name: 'node_filesystem_device_error',
      type: 'gauge',
      help: 'Whether an error occurred while getting statistics for the given device.',
      labels: [...LABELS],
    },
  ],
  create: () => {
    const hanging = new Set<string>();
    return async (context, report) => {
      const mounts = mountsOf(context.files, context.options);
      await Promise.all(mounts.map((mount) => reportMount(context, report, { mount, hanging })));
    };
  },
};

async function reportMount(
  context: PartContext,
  report: Report,
  { mount, hanging }: { mount: Mount; hanging: Set<string> },
): Promise<void> {
  const labels = context.labels.of(LABELS, mount.device, mount.fstype, mount.mountpoint);
  report('node_filesystem_readonly', mount.readonly ? 1 : 0, labels);
  const found = mayAsk(mount, hanging) ? await sizes(context, mount, hanging) : undefined;
  report('node_filesystem_device_error', found ? 0 : 1, labels);
  if (!found) return;
  report('node_filesystem_size_bytes', found.blocks * found.bsize, labels);
  report('node_filesystem_free_bytes', found.bfree * found.bsize, labels);
  report('node_filesystem_avail_bytes', found.bavail * found.bsize, labels);
  report('node_filesystem_files', found.files, labels);
  report('node_filesystem_files_free', found.ffree, labels);
}

function mayAsk(mount: Mount, hanging: ReadonlySet<string>): boolean {
  if (hanging.has(mount.mountpoint)) return false;
  return hanging.size < MAX_HANGING || !NETWORK_FILESYSTEM.test(mount.fstype);
}

/** Undefined for a mount that fails or does not answer in time. One that hangs stays marked until its call returns. */
async function sizes(
  { options, clock, signal }: PartContext,
  { mountpoint }: Mount,
  hanging: Set<string>,
): Promise<StatsFs | undefined> {
  hanging.add(mountpoint);
  const answer = statfs(join(options.root, mountpoint))
    .catch(() => undefined)
    .finally(() => hanging.delete(mountpoint));
  return Promise.race([answer, timeout(clock, signal, answer)]);
}

async function timeout(clock: Clock, signal: AbortSignal, answered: Promise<unknown>): Promise<undefined> {
  const waiting = new AbortController();
  void answered.then(() => waiting.abort());
  await clock.sleep(MOUNT_TIMEOUT_MS, AbortSignal.any([signal, waiting.signal])).catch(() => undefined);
  return undefined;
}
