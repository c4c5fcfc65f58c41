import { type OptionsOf, optionsObject, Type } from '@labkeeper/core';

/** The patterns node_exporter leaves out by default, so that its boards show the same rows. */
const NO_REAL_MOUNT =
  '^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)';
const NO_REAL_FILESYSTEM =
  '^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$';
const NO_REAL_DISK = '^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$';
/** One end of every container's cable. It gets a new name at each start, and so a new series. */
const PASSING_DEVICE = '^veth';

/** Options of the collector `system`. */
export const systemOptions = optionsObject({
  proc: Type.String({
    description: 'Folder of the proc file system. In a container, where the host’s is mounted.',
    default: '/proc',
  }),
  sys: Type.String({
    description: 'Folder of the sys file system. In a container, where the host’s is mounted.',
    default: '/sys',
  }),
  root: Type.String({
    description:
      'Folder under which the mount points are found. In a container, where the host’s root is mounted.',
    default: '/',
  }),
  exclude_mounts: Type.String({
    description: 'Mount points that match this regular expression are left out.',
    default: NO_REAL_MOUNT,
    maxLength: 1_000,
  }),
  exclude_filesystems: Type.String({
    description: 'File system types that match this regular expression are left out.',
    default: NO_REAL_FILESYSTEM,
    maxLength: 1_000,
  }),
  exclude_disks: Type.String({
    description: 'Block devices that match this regular expression are left out.',
    default: NO_REAL_DISK,
    maxLength: 1_000,
  }),
  exclude_network_devices: Type.String({
    description: 'Network devices that match this regular expression are left out.',
    default: PASSING_DEVICE,
    maxLength: 1_000,
  }),
});

export type SystemOptions = OptionsOf<typeof systemOptions>;

/** The options that are regular expressions. */
export const EXPRESSION_OPTIONS = [
  'exclude_mounts',
  'exclude_filesystems',
  'exclude_disks',
  'exclude_network_devices',
] as const satisfies readonly (keyof SystemOptions)[];
