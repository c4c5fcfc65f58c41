import { ADMIN_KEY, type HostSetup, type RunningHost, startHost } from '../../e2e/running-host.js';
import { parseExposition, type ScrapedSample } from './exposition.js';
import type { Nginx } from './nginx.js';
import { type ProcessUsage, processUsage } from './process-usage.js';

/** Numbers of `/api/v1/system/stats` that the bench reads. */
export interface HostStats {
  readonly scheduler: { readonly runs: number; readonly missed: number; readonly lateness_p99_ms: number };
  readonly process: { readonly event_loop_delay_p99_ms: number };
}

/** Everything about a host at one moment. */
export interface Snapshot {
  readonly atMs: number;
  readonly stats: HostStats;
  readonly metrics: readonly ScrapedSample[];
  readonly usage: ProcessUsage;
}

export interface CheckLoad {
  readonly nginx: Nginx;
  readonly count: number;
  readonly every: string;
}

/** A configuration with that many HTTP checks and nothing else. */
function checksYaml({ nginx, count, every }: CheckLoad): string {
  const checks = Array.from({ length: count }, (_, index) => {
    const name = `check-${String(index).padStart(5, '0')}`;
    return `  - { http: { url: '${nginx.urlOf(index)}' }, name: ${name}, every: ${every} }\n`;
  });
  return `log: { level: warn }\ncheck:\n${checks.join('')}`;
}

/** Starts the real program. The clean-up of the caller must end it. */
export function startBenchHost(load: CheckLoad, setup: HostSetup = {}): Promise<RunningHost> {
  return startHost({ ...setup, yaml: checksYaml(load) });
}

export async function snapshot(host: RunningHost): Promise<Snapshot> {
  const usage = processUsage(host.process.pid ?? 0);
  const stats = await host.api<HostStats>('/api/v1/system/stats');
  const response = await fetch(`${host.url}/metrics`, { headers: { 'x-api-key': ADMIN_KEY } });
  return { atMs: performance.now(), usage, stats, metrics: parseExposition(await response.text()) };
}

/** One check as the API shows it, as far as the bench looks. */
export interface CheckView {
  readonly status: string;
  readonly last_run_at: string | null;
  readonly beats: string;
}

/** Every check, page by page. */
export async function allChecks(host: RunningHost): Promise<readonly CheckView[]> {
  const checks: CheckView[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: CheckView[]; next_cursor: string | null } = await host.api(
      `/api/v1/checks?limit=200${query}`,
    );
    checks.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return checks;
}
