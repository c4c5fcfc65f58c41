import type { Labels, Matcher } from '@labkeeper/core';

// The series of node_exporter from which a server's figures are made. Any exporter with these names will do.
export const CPU_SECONDS = 'node_cpu_seconds_total';
export const MEMORY_TOTAL = 'node_memory_MemTotal_bytes';
export const MEMORY_AVAILABLE = 'node_memory_MemAvailable_bytes';
export const DISK_SIZE = 'node_filesystem_size_bytes';
export const DISK_FREE = 'node_filesystem_free_bytes';
export const DISK_AVAILABLE = 'node_filesystem_avail_bytes';
export const RECEIVED = 'node_network_receive_bytes_total';
export const TRANSMITTED = 'node_network_transmit_bytes_total';
export const LOAD_1 = 'node_load1';
export const LOAD_5 = 'node_load5';
export const LOAD_15 = 'node_load15';
export const BOOT_TIME = 'node_boot_time_seconds';

export const DISK_NAMES = [DISK_SIZE, DISK_FREE, DISK_AVAILABLE] as const;
export const NETWORK_NAMES = [RECEIVED, TRANSMITTED] as const;

/**
 * Devices that are no cables or radios of their own: their bytes pass a physical device too, or never leave the machine.
 * Loopback, container and VM cables, bridges (Docker, libvirt, Proxmox), bonds, tunnels, and VLANs (`eth0.10`).
 */
export const VIRTUAL_DEVICES =
  'lo|dummy.*|veth.*|docker.*|br-.*|virbr.*|vnet.*|vmbr.*|fwbr.*|fwln.*|fwpr.*|tap.*|tun.*|wg.*|bond.*|cni.*|cali.*|flannel.*|kube.*|tailscale.*|zt.*|ifb.*|.+\\..+';

/** File systems that are no disk: they live in memory, or are one fixed image. */
const NO_DISK = /^(tmpfs|ramfs|devtmpfs|squashfs|iso9660|efivarfs|overlay|nsfs|autofs)$/;

/** The series of one machine. */
export function ofServer(serverId: string): Matcher {
  return { label: 'instance', operator: '=', value: serverId };
}

export function named(...names: readonly string[]): Matcher {
  return { label: '__name__', operator: '=~', value: names.join('|') };
}

/** Of a CPU only the idle time is needed: what is not idle is busy. */
export const IDLE_ONLY: Matcher = { label: 'mode', operator: '=', value: 'idle' };

export const PHYSICAL_ONLY: Matcher = { label: 'device', operator: '!~', value: VIRTUAL_DEVICES };

/** True for a file system whose fill level interests people. The root counts whatever it is made of. */
export function isDisk(labels: Labels): boolean {
  return labels.mountpoint === '/' || !NO_DISK.test(labels.fstype ?? '');
}
