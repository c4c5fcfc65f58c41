import { statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

/** The fields node_exporter takes by default. */
const FIELDS = new Set(['oom_kill', 'pgpgin', 'pgpgout', 'pswpin', 'pswpout', 'pgfault', 'pgmajfault']);

/** `/proc/vmstat`. */
export const vmstat = statelessPart({
  name: 'vmstat',
  metrics: [...FIELDS].map((field) => ({
    name: `node_vmstat_${field}`,
    type: 'unknown' as const,
    help: `Field ${field} of /proc/vmstat.`,
  })),
  read({ files }, report) {
    for (const line of lines(files.proc('vmstat'))) {
      const [field = '', value] = words(line);
      if (FIELDS.has(field)) report(`node_vmstat_${field}`, Number(value));
    }
  },
});
