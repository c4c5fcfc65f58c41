import { statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

const METRIC_OF_LINE: Readonly<Record<string, string>> = {
  intr: 'node_intr_total',
  ctxt: 'node_context_switches_total',
  btime: 'node_boot_time_seconds',
  processes: 'node_forks_total',
  procs_running: 'node_procs_running',
  procs_blocked: 'node_procs_blocked',
};

/** The counters of `/proc/stat`. */
export const stat = statelessPart({
  name: 'stat',
  metrics: [
    { name: 'node_intr_total', type: 'counter', help: 'Total number of interrupts serviced.' },
    { name: 'node_context_switches_total', type: 'counter', help: 'Total number of context switches.' },
    {
      name: 'node_boot_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Time of the boot, in seconds since the epoch.',
    },
    { name: 'node_forks_total', type: 'counter', help: 'Total number of forks.' },
    { name: 'node_procs_running', type: 'gauge', help: 'Number of processes in runnable state.' },
    {
      name: 'node_procs_blocked',
      type: 'gauge',
      help: 'Number of processes blocked waiting for I/O to complete.',
    },
  ],
  read({ files }, report) {
    for (const line of lines(files.proc('stat'))) {
      const [key = '', value] = words(line);
      const metric = METRIC_OF_LINE[key];
      if (metric) report(metric, Number(value));
    }
  },
});
