import { statelessPart } from '../part.js';
import { words } from '../system-files.js';

/** `/proc/sys/fs/file-nr` and the table of connections. */
export const filefd = statelessPart({
  name: 'filefd',
  metrics: [
    { name: 'node_filefd_allocated', type: 'gauge', help: 'File descriptor statistics: allocated.' },
    { name: 'node_filefd_maximum', type: 'gauge', help: 'File descriptor statistics: maximum.' },
    {
      name: 'node_nf_conntrack_entries',
      type: 'gauge',
      help: 'Number of currently allocated flow entries for connection tracking.',
    },
    {
      name: 'node_nf_conntrack_entries_limit',
      type: 'gauge',
      help: 'Maximum size of the connection tracking table.',
    },
  ],
  read({ files }, report) {
    const [allocated, , maximum] = words(files.proc('sys/fs/file-nr'));
    report('node_filefd_allocated', Number(allocated));
    report('node_filefd_maximum', Number(maximum));
    const entries = files.procIfPresent('sys/net/netfilter/nf_conntrack_count');
    const limit = files.procIfPresent('sys/net/netfilter/nf_conntrack_max');
    if (entries !== undefined) report('node_nf_conntrack_entries', Number(entries));
    if (limit !== undefined) report('node_nf_conntrack_entries_limit', Number(limit));
  },
});
