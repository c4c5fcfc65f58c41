import { statelessPart } from '../part.js';
import { lines } from '../system-files.js';

/** Which line of which file becomes which metric. Kernel documentation: accounting/psi. */
const SOURCES = [
  {
    file: 'cpu',
    line: 'some',
    metric: 'node_pressure_cpu_waiting_seconds_total',
    help: 'Total time in seconds that processes have waited for CPU time.',
  },
  {
    file: 'io',
    line: 'some',
    metric: 'node_pressure_io_waiting_seconds_total',
    help: 'Total time in seconds that processes have waited due to IO congestion.',
  },
  {
    file: 'io',
    line: 'full',
    metric: 'node_pressure_io_stalled_seconds_total',
    help: 'Total time in seconds no process could make progress due to IO congestion.',
  },
  {
    file: 'memory',
    line: 'some',
    metric: 'node_pressure_memory_waiting_seconds_total',
    help: 'Total time in seconds that processes have waited for memory.',
  },
  {
    file: 'memory',
    line: 'full',
    metric: 'node_pressure_memory_stalled_seconds_total',
    help: 'Total time in seconds no process could make progress due to memory congestion.',
  },
] as const;
const MICROSECOND = 1e-6;

/** `/proc/pressure`. Kernels without it report nothing. */
export const pressure = statelessPart({
  name: 'pressure',
  metrics: SOURCES.map(({ metric, help }) => ({
    name: metric,
    type: 'counter' as const,
    unit: 'seconds',
    help,
  })),
  read({ files }, report) {
    for (const { file, line, metric } of SOURCES) {
      const found = lines(files.procIfPresent(`pressure/${file}`) ?? '').find((text) =>
        text.startsWith(line),
      );
      const total = /total=([0-9]+)/.exec(found ?? '')?.[1];
      if (total !== undefined) report(metric, Number(total) * MICROSECOND);
    }
  },
});
