import { statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

/** Ticks a second in which the kernel counts for user space (USER_HZ); 100 on every architecture Linux supports here. */
const TICKS_PER_SECOND = 100;
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const GUEST_MODES = ['user', 'nice'] as const;

/** `/proc/stat`: the CPUs' times and the counters of the kernel. Layout: proc_stat(5). */
export const cpu = statelessPart({
  name: 'cpu',
  metrics: [
    {
      name: 'node_cpu_seconds_total',
      type: 'counter',
      unit: 'seconds',
      help: 'Seconds the CPUs spent in each mode.',
      labels: ['cpu', 'mode'],
    },
    {
      name: 'node_cpu_guest_seconds_total',
      type: 'counter',
      unit: 'seconds',
      help: 'Seconds the CPUs spent in guests (VMs) for each mode.',
      labels: ['cpu', 'mode'],
    },
  ],
  read({ files, labels }, report) {
    for (const line of lines(files.proc('stat'))) {
      const match = /^cpu([0-9]+)\s/.exec(line);
      if (!match?.[1]) continue;
      const [, ...ticks] = words(line);
      const cpuName = match[1];
      MODES.forEach((mode, index) => {
        report(
          'node_cpu_seconds_total',
          Number(ticks[index] ?? 0) / TICKS_PER_SECOND,
          labels.of(['cpu', 'mode'], cpuName, mode),
        );
      });
      GUEST_MODES.forEach((mode, index) => {
        const guestTicks = Number(ticks[MODES.length + index] ?? 0);
        report(
          'node_cpu_guest_seconds_total',
          guestTicks / TICKS_PER_SECOND,
          labels.of(['cpu', 'mode'], cpuName, mode),
        );
      });
    }
  },
});
