import { dayFigures, manySeriesFigures, pacedFigures } from './measured-server.js';
import { type Measured, type PeerReport, together } from './peer.js';
import { PROMETHEUS } from './prometheus.js';
import { findBinary, type ServerKind } from './server.js';
import { daySqlite, manySeriesSqlite, pacedSqlite } from './sqlite-rows.js';
import { VICTORIA_METRICS } from './victoria-metrics.js';

export type { PeerReport } from './peer.js';

/** How long the true pace is kept: several write-backs of the kernel, which come every 30 s. */
const PACED_S = 120;

interface Peer {
  readonly name: PeerReport['name'];
  readonly present: boolean;
  paced(seconds: number): Promise<Measured>;
  day(quick: boolean): Promise<Measured>;
  manySeries(quick: boolean): Promise<Measured>;
}

const serverPeer = (name: PeerReport['name'], kind: ServerKind): Peer => ({
  name,
  present: findBinary(kind.binaries) !== undefined,
  paced: (seconds) => pacedFigures(kind, seconds),
  day: (quick) => dayFigures(kind, quick),
  manySeries: (quick) => manySeriesFigures(kind, quick),
});

/** What others need for the same load. A peer that is not installed is named without figures. */
export async function measurePeers({ quick }: { readonly quick: boolean }): Promise<readonly PeerReport[]> {
  const peers = allPeers();
  // Only bytes are counted here, each on a device of its own, so that all can go at the same time.
  const paced = await Promise.all(peers.map(async (peer) => (quick ? nothing() : pacedOf(peer))));
  const reports: PeerReport[] = [];
  for (const [index, peer] of peers.entries()) {
    const { name, present } = peer;
    const measured = present ? await fastOf(peer, quick) : nothing();
    reports.push({ name, present, ...together([paced[index] ?? nothing(), measured]) });
  }
  return reports;
}

function allPeers(): readonly Peer[] {
  return [
    serverPeer('prometheus', PROMETHEUS),
    serverPeer('victoriametrics', VICTORIA_METRICS),
    { name: 'sqlite_rows', present: true, paced: pacedSqlite, day: daySqlite, manySeries: manySeriesSqlite },
  ];
}

async function pacedOf({ name, present, paced }: Peer): Promise<Measured> {
  if (!present) return { figures: {}, notes: [`${name} is not installed.`] };
  console.log(`… ${name} at the true pace for ${PACED_S} s`);
  return paced(PACED_S);
}

async function fastOf({ name, day, manySeries }: Peer, quick: boolean): Promise<Measured> {
  console.log(`… ${name}: a day of 25 hosts, then 10,000 series`);
  return together([await day(quick), await manySeries(quick)]);
}

function nothing(): Measured {
  return { figures: {}, notes: [] };
}
