import { statelessPart } from '../part.js';
import { words } from '../system-files.js';

/** `/proc/loadavg`. */
export const loadavg = statelessPart({
  name: 'loadavg',
  metrics: [
    { name: 'node_load1', type: 'gauge', help: 'Load average over 1 minute.' },
    { name: 'node_load5', type: 'gauge', help: 'Load average over 5 minutes.' },
    { name: 'node_load15', type: 'gauge', help: 'Load average over 15 minutes.' },
  ],
  read({ files }, report) {
    const [load1, load5, load15] = words(files.proc('loadavg'));
    report('node_load1', Number(load1));
    report('node_load5', Number(load5));
    report('node_load15', Number(load15));
  },
});
