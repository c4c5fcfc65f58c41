import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { processUsage } from '../checks/process-usage.js';

const run = promisify(execFile);

/** The file is sparse: it takes only what is written. */
const DEVICE_BYTES = 6 * 1024 ** 3;
/** The unit of /sys/block/NAME/stat, whatever the device says. */
const SECTOR_BYTES = 512;

/**
 * Bytes written so far, everything written before the call included.
 * The pid matters only where there is no device: then it is the process whose writes count, this one by default.
 */
export type CountBytes = (pid?: number) => Promise<number>;
export type DeviceUse<Result> = (dir: string, countBytes: CountBytes, how: string) => Promise<Result>;

const ON_DEVICE = 'sectors written to a loop device with ext4 (journal and metadata included), after a sync';
const WITHOUT_DEVICE =
  'write_bytes of /proc/PID/io, because no loop device can be had: without journal and metadata';

/** Gives a folder on a block device of its own, so that the bytes that reach it can be counted. All is undone at the end. */
export async function withDevice<Result>(use: DeviceUse<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-bench-device-'));
  try {
    const device = await attached(folder).catch(() => undefined);
    return device === undefined ? await useWithoutDevice(folder, use) : await useDevice(folder, device, use);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attached(folder: string): Promise<string> {
  const file = join(folder, 'device.img');
  writeFileSync(file, '');
  truncateSync(file, DEVICE_BYTES);
  // What ext4 would otherwise lay out after mounting, in the background, would be counted as somebody's writes.
  const atOnce = ['-E', 'lazy_itable_init=0,lazy_journal_init=0', '-m', '0', '-i', '262144'];
  await run('mkfs.ext4', ['-q', '-F', ...atOnce, file]);
  const { stdout } = await run('losetup', ['--find', '--show', file]);
  return stdout.trim();
}

async function useDevice<Result>(folder: string, device: string, use: DeviceUse<Result>): Promise<Result> {
  const dir = join(folder, 'mounted');
  mkdirSync(dir);
  const countBytes = async () => {
    await run('sync', ['--file-system', dir]);
    return sectorsWritten(device) * SECTOR_BYTES;
  };
  try {
    await run('mount', ['-t', 'ext4', '-o', 'noatime', device, dir]);
    return await use(dir, countBytes, ON_DEVICE);
  } finally {
    // A process that still holds a file keeps the mount busy; then the kernel ends it with the last file.
    await run('umount', [dir]).catch(() => run('umount', ['--lazy', dir]).catch(() => undefined));
    await run('losetup', ['--detach', device]);
  }
}

function sectorsWritten(device: string): number {
  const fields = readFileSync(`/sys/block/${basename(device)}/stat`, 'utf8')
    .trim()
    .split(/\s+/);
  return Number(fields[6]);
}

function useWithoutDevice<Result>(folder: string, use: DeviceUse<Result>): Promise<Result> {
  const dir = join(folder, 'data');
  mkdirSync(dir);
  return use(dir, async (pid = process.pid) => processUsage(pid).writtenBytes, WITHOUT_DEVICE);
}
