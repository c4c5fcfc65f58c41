import { type PartContext, statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

/** The fields node_exporter takes by default, by protocol. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Ip: ['Forwarding'],
  IpExt: ['InOctets', 'OutOctets'],
  Ip6: ['InOctets', 'OutOctets'],
  Icmp: ['InMsgs', 'OutMsgs', 'InErrors'],
  Icmp6: ['InMsgs', 'OutMsgs', 'InErrors'],
  Tcp: ['ActiveOpens', 'InSegs', 'OutSegs', 'OutRsts', 'PassiveOpens', 'RetransSegs', 'CurrEstab', 'InErrs'],
  TcpExt: [
    'ListenOverflows',
    'ListenDrops',
    'SyncookiesSent',
    'SyncookiesRecv',
    'SyncookiesFailed',
    'TCPSynRetrans',
    'TCPTimeouts',
    'TCPOFOQueue',
    'TCPRcvQDrop',
  ],
  Udp: ['InDatagrams', 'OutDatagrams', 'NoPorts', 'RcvbufErrors', 'SndbufErrors', 'InErrors'],
  Udp6: ['InDatagrams', 'OutDatagrams', 'NoPorts', 'RcvbufErrors', 'SndbufErrors', 'InErrors'],
  UdpLite: ['InErrors'],
  UdpLite6: ['InErrors'],
};
const METRICS = new Set(
  Object.entries(FIELDS).flatMap(([protocol, fields]) =>
    fields.map((field) => `node_netstat_${protocol}_${field}`),
  ),
);

/** `/proc/net/netstat`, `/proc/net/snmp` and `/proc/net/snmp6`. */
export const netstat = statelessPart({
  name: 'netstat',
  metrics: [...METRICS].map((name) => ({
    name,
    type: 'unknown' as const,
    help: `Statistic ${name.slice('node_netstat_'.length).replace('_', ' ')} of the kernel's network.`,
  })),
  read(context, report) {
    const values = [
      ...pairedLines(text(context, 'net/netstat')),
      ...pairedLines(text(context, 'net/snmp')),
      ...plainLines(text(context, 'net/snmp6')),
    ];
    for (const [metric, value] of values) if (METRICS.has(metric)) report(metric, value);
  },
});

function text({ files }: PartContext, path: string): string {
  return files.procIfPresent(`1/${path}`) ?? files.procIfPresent(path) ?? '';
}

/** A line of names, then a line of values, both behind the protocol: `Tcp: ActiveOpens …` / `Tcp: 17 …`. */
function* pairedLines(content: string): Generator<[string, number]> {
  const rows = lines(content);
  for (let row = 0; row + 1 < rows.length; row += 2) {
    const [protocol = '', ...names] = words(rows[row] ?? '');
    const [, ...values] = words(rows[row + 1] ?? '');
    for (const [index, name] of names.entries()) {
      yield [`node_netstat_${protocol.replace(':', '')}_${name}`, Number(values[index])];
    }
  }
}

/** One value a line, protocol and name in one word: `Ip6InOctets 17`. */
function* plainLines(content: string): Generator<[string, number]> {
  for (const line of lines(content)) {
    const [key = '', value] = words(line);
    const match = /^(Ip6|Icmp6|Udp6|UdpLite6)(.+)$/.exec(key);
    if (match) yield [`node_netstat_${match[1] ?? ''}_${match[2] ?? ''}`, Number(value)];
  }
}
