import type { MetricDescription } from '@labkeeper/core';
import { statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

/** The columns of `/proc/net/dev`, as node_exporter names them. */
const COLUMNS = [
  'receive_bytes',
  'receive_packets',
  'receive_errs',
  'receive_drop',
  'receive_fifo',
  'receive_frame',
  'receive_compressed',
  'receive_multicast',
  'transmit_bytes',
  'transmit_packets',
  'transmit_errs',
  'transmit_drop',
  'transmit_fifo',
  'transmit_colls',
  'transmit_carrier',
  'transmit_compressed',
].map((column) => `node_network_${column}_total`);

/** `/proc/net/dev`. */
export const netdev = statelessPart({
  name: 'netdev',
  metrics: COLUMNS.map(
    (name): MetricDescription => ({
      name,
      type: 'counter',
      help: `Network device statistic ${name.slice('node_network_'.length, -'_total'.length)}.`,
      labels: ['device'],
      ...(name.includes('_bytes_') ? { unit: 'bytes' } : {}),
    }),
  ),
  read({ files, options, labels }, report) {
    const excluded = new RegExp(options.exclude_network_devices);
    // 1/net, not net: the latter is the network of the reading process, which in a container is the container's.
    const text = files.procIfPresent('1/net/dev') ?? files.proc('net/dev');
    for (const line of lines(text).slice(2)) {
      const colon = line.lastIndexOf(':');
      const device = line.slice(0, colon).trim();
      if (excluded.test(device)) continue;
      words(line.slice(colon + 1)).forEach((value, index) => {
        const metric = COLUMNS[index];
        if (metric) report(metric, Number(value), labels.of(['device'], device));
      });
    }
  },
});
