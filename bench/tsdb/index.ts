import type { BenchReport, BenchRun, Figure } from '../report.js';
import { measureLabkeeper } from './labkeeper/index.js';
import { measurePeers, type PeerReport } from './peers/index.js';
import { RANGE_QUERIES } from './queries.js';

/** What is compared with the peers, in the order of the table. */
const COMPARED: readonly Omit<Figure, 'value'>[] = [
  {
    key: 'bytes_per_sample_rest',
    label: 'Bytes per sample at rest, settled, index included',
    unit: 'B',
    must: { atMost: 1.2 },
  },
  {
    key: 'device_bytes_per_sample',
    label: 'Bytes to the device per sample',
    unit: 'B',
    must: { atMost: 12 },
  },
  {
    key: 'bulk_samples_per_cpu_s',
    label: 'Samples per CPU second, bulk',
    unit: '1/s',
    must: { atLeast: 8e6 },
  },
  {
    ...{ key: 'http_samples_per_cpu_s', label: 'Samples per CPU second, heartbeats over HTTP', unit: '1/s' },
    must: { atLeast: 0.8e6 },
  },
  { key: 'q1_p50_ms', label: `Query, p50: ${RANGE_QUERIES.q1.label}`, unit: 'ms', must: { atMost: 1.5 } },
  { key: 'q2_p50_ms', label: `Query, p50: ${RANGE_QUERIES.q2.label}`, unit: 'ms', must: { atMost: 5 } },
  { key: 'q3_p50_ms', label: `Query, p50: ${RANGE_QUERIES.q3.label}`, unit: 'ms', must: { atMost: 12 } },
  { key: 'q4_p50_ms', label: 'Query, p50: 10,000 series, last value', unit: 'ms' },
  { key: 'q1_p99_ms', label: 'Query, p99: the first', unit: 'ms' },
  { key: 'q2_p99_ms', label: 'Query, p99: the second', unit: 'ms' },
  { key: 'q3_p99_ms', label: 'Query, p99: the third', unit: 'ms' },
  { key: 'rss_mb', label: 'Memory, 10,000 series', unit: 'MB', must: { atMost: 130 } },
  { key: 'recovery_s', label: 'Until it answers after kill -9, 10 million samples', unit: 's' },
];

/** The time-series engine beside others: a day of 25 hosts with 60 series at 10 s, and 10,000 series of 1,000 samples. */
export const run: BenchRun = async ({ quick }): Promise<BenchReport> => {
  const ours = await measureLabkeeper(quick);
  const peers = await measurePeers({ quick });
  const compared = COMPARED.flatMap((row) => oursWithPeers(row, ours.figures, peers));
  const known = new Set(compared.map(({ key }) => key));
  const others = [{ name: 'labkeeper', figures: ours.figures }, ...peers].flatMap(({ name, figures }) =>
    Object.entries(figures)
      .map(([key, value]): Figure => ({ key: `${name}.${key}`, label: `${name}: ${key}`, value, unit: '' }))
      .filter(({ key }) => !known.has(key)),
  );
  return {
    title: 'Time series: 25 hosts × 60 series at 10 s for 24 h; 10,000 series × 1,000 samples',
    figures: [...compared, ...others],
    notes: [
      ...ours.notes,
      ...peers.flatMap(({ name, present, notes }) =>
        present ? notes.map((note) => `${name}: ${note}`) : [`${name} is not installed.`],
      ),
    ],
  };
};

function oursWithPeers(
  row: Omit<Figure, 'value'>,
  figures: Readonly<Record<string, number>>,
  peers: readonly PeerReport[],
): Figure[] {
  const value = figures[row.key];
  if (value === undefined) return [];
  const references = peers.flatMap(({ name, figures: theirs }) => {
    const their = theirs[row.key];
    return their === undefined ? [] : [{ name, value: their }];
  });
  return [{ ...row, key: `labkeeper.${row.key}`, value, references }];
}
