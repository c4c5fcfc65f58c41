import type { ApiClient } from './api-client.js';
import type { MetricsHistory } from './api-types.js';

/** The spans that people choose from, in seconds. */
export const HISTORY_RANGES = { '1h': 3_600, '24h': 86_400, '7d': 604_800 } as const;
export type HistoryRange = keyof typeof HISTORY_RANGES;

/** About as many points as a chart is wide. */
const POINTS = 300;
/** Collectors usually run every 10 s; a finer step would be mostly gaps. */
const FINEST_STEP_SECONDS = 15;
/** With less than this share of the span measured, a chart of the whole span would look empty. */
const LITTLE = 1 / 3;

/**
 * The history of a server. One that is much younger than the span is shown from its first number on, and finer: whoever has
 * just started Labkeeper sees a line and not an empty day. Throws what the client throws.
 */
export async function loadServerHistory(
  client: Pick<ApiClient, 'get'>,
  serverId: string,
  range: HistoryRange,
): Promise<MetricsHistory> {
  const path = `/api/v1/metrics/${encodeURIComponent(serverId)}`;
  const seconds = HISTORY_RANGES[range];
  const history = await client.get<MetricsHistory>(path, { from: `-${range}`, step: stepOf(seconds) });
  const { timestamps } = history;
  const first = timestamps.findIndex((_, index) => isMeasured(history, index));
  const firstSeconds = timestamps[first];
  const endSeconds = Date.parse(history.to) / 1_000;
  if (firstSeconds === undefined || endSeconds - firstSeconds > seconds * LITTLE) return history;
  const from = new Date(firstSeconds * 1_000).toISOString();
  return client.get<MetricsHistory>(path, { from, step: stepOf(endSeconds - firstSeconds) });
}

function stepOf(seconds: number): number {
  return Math.max(FINEST_STEP_SECONDS, Math.ceil(seconds / POINTS));
}

function isMeasured({ series, disks }: MetricsHistory, index: number): boolean {
  return [...Object.values(series), ...Object.values(disks)].some((column) => column[index] != null);
}
