import { statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

/** Fields of each protocol in `/proc/net/sockstat` and `sockstat6`. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  sockets: ['used'],
  TCP: ['inuse', 'orphan', 'tw', 'alloc', 'mem'],
  UDP: ['inuse', 'mem'],
  UDPLITE: ['inuse'],
  RAW: ['inuse'],
  FRAG: ['inuse', 'memory'],
  TCP6: ['inuse'],
  UDP6: ['inuse'],
  UDPLITE6: ['inuse'],
  RAW6: ['inuse'],
  FRAG6: ['inuse', 'memory'],
};
/** What the kernel counts in pages; node_exporter gives the bytes as well. */
const PAGE_BYTES = 4096;
const COUNTED_IN_PAGES = new Set(['node_sockstat_TCP_mem', 'node_sockstat_UDP_mem']);
const METRICS = new Set(
  Object.entries(FIELDS).flatMap(([protocol, fields]) =>
    fields.map((field) => `node_sockstat_${protocol}_${field}`),
  ),
);

/** `/proc/net/sockstat` and `/proc/net/sockstat6`. */
export const sockstat = statelessPart({
  name: 'sockstat',
  metrics: [
    ...[...METRICS].map((name) => ({
      name,
      type: 'gauge' as const,
      help: `Sockets: ${name.slice('node_sockstat_'.length).replace('_', ' ')}.`,
    })),
    ...[...COUNTED_IN_PAGES].map((name) => ({
      name: `${name}_bytes`,
      type: 'gauge' as const,
      unit: 'bytes',
      help: `Sockets: ${name.slice('node_sockstat_'.length).replace('_', ' ')} in bytes.`,
    })),
  ],
  read({ files }, report) {
    const read = (path: string) => files.procIfPresent(`1/${path}`) ?? files.procIfPresent(path) ?? '';
    for (const line of lines(read('net/sockstat') + read('net/sockstat6'))) {
      const [protocol = '', ...pairs] = words(line);
      for (let index = 0; index + 1 < pairs.length; index += 2) {
        const name = `node_sockstat_${protocol.replace(':', '')}_${pairs[index] ?? ''}`;
        if (!METRICS.has(name)) continue;
        const value = Number(pairs[index + 1]);
        report(name, value);
        if (COUNTED_IN_PAGES.has(name)) report(`${name}_bytes`, value * PAGE_BYTES);
      }
    }
  },
});
