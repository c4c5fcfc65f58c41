import { arch, hostname, release, type as systemName, version } from 'node:os';
import { osRelease } from '../os-release.js';
import { statelessPart } from '../part.js';

const UNAME_LABELS = ['sysname', 'release', 'version', 'machine', 'nodename', 'domainname'] as const;
const OS_LABELS = [
  'id',
  'id_like',
  'name',
  'pretty_name',
  'version',
  'version_codename',
  'version_id',
] as const;

/** Node names some architectures otherwise than `uname -m` does. */
const MACHINE_OF_ARCH: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  ia32: 'i686',
  arm: 'armv7l',
};

/** As `uname -m` prints it. */
export function machineName(): string {
  return MACHINE_OF_ARCH[arch()] ?? arch();
}

/** Which kernel, which distribution, what time. */
export const os = statelessPart({
  name: 'os',
  metrics: [
    {
      name: 'node_uname_info',
      type: 'gauge',
      help: 'Labeled system information as provided by the uname system call.',
      labels: [...UNAME_LABELS],
    },
    {
      name: 'node_os_info',
      type: 'gauge',
      help: 'A metric with a constant 1 value labeled by the fields of os-release.',
      labels: [...OS_LABELS],
    },
    {
      name: 'node_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'System time in seconds since epoch.',
    },
  ],
  read({ files, labels, clock }, report) {
    const kernelName = files.procIfPresent('sys/kernel/hostname')?.trim() ?? hostname();
    const domain = files.procIfPresent('sys/kernel/domainname')?.trim() ?? '(none)';
    const kernel = files.procIfPresent('sys/kernel/osrelease')?.trim() ?? release();
    const built = files.procIfPresent('sys/kernel/version')?.trim() ?? version();
    report(
      'node_uname_info',
      1,
      labels.of(UNAME_LABELS, systemName(), kernel, built, machineName(), kernelName, domain),
    );
    const fields = osRelease(files);
    report(
      'node_os_info',
      1,
      labels.of(OS_LABELS, ...OS_LABELS.map((label) => fields[label.toUpperCase()] ?? '')),
    );
    report('node_time_seconds', clock.now() / 1000);
  },
});
