import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRun, Figure } from '../report.js';
import { allChecks } from './bench-host.js';
import { type Floor, measureFloor } from './floor.js';
import { type Nginx, startNginx } from './nginx.js';
import { measurePeers, type Peers } from './peers.js';
import { type Restart, runRestart } from './restart.js';
import { runSteady, type SteadyLoad } from './steady-load.js';

const CHECKS = 1_000;
/** Checks a second of the second scenario, and far beyond what one core can do in the third. */
const FULL_RATE = 2_500;
const OVERLOAD_RATE = 8_000;

interface Plan {
  readonly everySeconds: number;
  readonly measureMs: number;
  readonly rateMeasureMs: number;
  readonly floorRequests: number;
}

const FULL: Plan = { everySeconds: 20, measureMs: 300_000, rateMeasureMs: 30_000, floorRequests: 10_000 };
const QUICK: Plan = { everySeconds: 5, measureMs: 30_000, rateMeasureMs: 10_000, floorRequests: 3_000 };

/** 1,000 HTTP checks, a new connection each, through the real host. */
export const run: BenchRun = async ({ quick }) => {
  const plan = quick ? QUICK : FULL;
  const nginx = await startNginx();
  try {
    say(`the floor: ${plan.floorRequests} plain requests each way`);
    const floor = await measureFloor(nginx.urlOf(0), plan.floorRequests);
    say(`${CHECKS} checks every ${plan.everySeconds} s for ${plan.measureMs / 1_000} s`);
    const steady = await runSteady({
      load: { nginx, count: CHECKS, every: `${plan.everySeconds}s` },
      warmUpMs: plan.everySeconds * 1_000,
      measureMs: plan.measureMs,
    });
    say('a restart with the same checks');
    const restart = await runRestart({ nginx, count: CHECKS, every: '20s' }, 20_000);
    say(`${FULL_RATE} checks a second`);
    const fullRate = await runRate(nginx, FULL_RATE, plan);
    say(`${OVERLOAD_RATE} checks a second, more than one core can do`);
    const overload = await runRate(nginx, OVERLOAD_RATE, plan);
    const peers = await measurePeers({
      nginx,
      count: CHECKS,
      everySeconds: plan.everySeconds,
      measureMs: plan.measureMs,
    });
    return {
      title: `${CHECKS} HTTP checks every ${plan.everySeconds} s, a new connection each, against a local nginx`,
      figures: [
        ...steadyFigures(steady, { floor, peers }),
        ...restartFigures(restart),
        ...rateFigures('full_rate', `asked for ${FULL_RATE}/s`, fullRate),
        ...rateFigures('overload', `asked for ${OVERLOAD_RATE}/s`, overload),
      ],
      notes: [
        'CPU is user and system time of the whole host process, idle work and API included; written bytes are those of /proc/PID/io.',
        'Uptime Kuma 2.5 and blackbox exporter with Prometheus were measured once on a machine of the same kind, at the same load.',
      ],
    };
  } finally {
    await nginx.stop();
  }
};

function say(step: string): void {
  console.log(`… ${step}`);
}

interface RateRun extends SteadyLoad {
  /** Runs of the check that had the fewest, as a share of the one that had the most: 1 is perfectly even. */
  readonly evenness: number;
}

/** As many checks as the rate, once a second each. */
async function runRate(nginx: Nginx, rate: number, { rateMeasureMs }: Plan): Promise<RateRun> {
  let evenness = Number.NaN;
  const setup = { load: { nginx, count: rate, every: '1s' }, warmUpMs: 5_000, measureMs: rateMeasureMs };
  const steady = await runSteady(setup, async (host) => {
    const runs = (await allChecks(host)).map(({ beats }) => beats.length);
    evenness = Math.min(...runs) / Math.max(...runs);
  });
  // The ports of the connections that were closed last are free again after a moment.
  await sleep(1_000);
  return { ...steady, evenness };
}

const KUMA = 'Uptime Kuma 2.5';
const BLACKBOX = 'blackbox + Prometheus';

function steadyFigures(
  steady: SteadyLoad,
  { floor, peers }: { floor: Floor; peers: Peers | undefined },
): readonly Figure[] {
  const peerCpu = peers === undefined ? [] : [{ name: `${BLACKBOX}, now`, value: peers.cpuMsPerCheck }];
  const peerBytes =
    peers === undefined ? [] : [{ name: `${BLACKBOX}, now`, value: peers.bytesWrittenPerCheck }];
  return [
    { key: 'checks_done', label: 'checks done', value: steady.checks, unit: '' },
    { key: 'checks_missed', label: 'missed', value: steady.missed, unit: '', must: { atMost: 0 } },
    {
      key: 'runs_not_up',
      label: 'runs that did not find it up',
      value: steady.notUp,
      unit: '',
      must: { atMost: 0 },
    },
    {
      key: 'cpu_ms_per_check',
      label: 'CPU per check',
      value: steady.cpuMsPerCheck,
      unit: 'ms',
      must: { atMost: 1 },
      references: [{ name: KUMA, value: 4.9 }, { name: BLACKBOX, value: 2.05 }, ...peerCpu],
    },
    ...floorFigures(steady, floor),
    { key: 'lateness_p50_ms', label: 'lateness p50', value: steady.latenessP50Ms, unit: 'ms' },
    {
      key: 'lateness_p99_ms',
      label: 'lateness p99',
      value: steady.latenessP99Ms,
      unit: 'ms',
      must: { atMost: 20 },
      references: [{ name: KUMA, value: 91 }],
    },
    {
      key: 'rss_mb',
      label: 'memory (RSS)',
      value: steady.rssMb,
      unit: 'MB',
      references: [{ name: KUMA, value: 281 }],
    },
    {
      key: 'bytes_written_per_check',
      label: 'written to disk per check',
      value: steady.bytesWrittenPerCheck,
      unit: 'B',
      references: [{ name: KUMA, value: 44_000 }, ...peerBytes],
    },
    {
      key: 'event_loop_delay_p99_ms',
      label: 'event-loop delay p99',
      value: steady.eventLoopDelayP99Ms,
      unit: 'ms',
    },
  ];
}

function floorFigures({ cpuMsPerCheck }: SteadyLoad, floor: Floor): readonly Figure[] {
  const plain = (key: string, label: string, value: number): Figure => ({
    ...{ key: `floor_${key}_ms`, label: `  floor: ${label}`, value, unit: 'ms' },
  });
  return [
    plain('bare_socket', 'a bare socket', floor.bareSocketMs),
    plain('node_http', 'node:http without agent', floor.nodeHttpMs),
    plain('undici', 'undici, new connection', floor.undiciMs),
    plain('paced_node_http', 'node:http, one every 20 ms', floor.pacedNodeHttpMs),
    {
      key: 'cpu_ratio_to_paced_node_http',
      label: '  CPU per check, times node:http at this pace',
      value: cpuMsPerCheck / floor.pacedNodeHttpMs,
      unit: '×',
    },
  ];
}

function restartFigures({ listeningMs, answeringMs, checksDone, notUp }: Restart): readonly Figure[] {
  return [
    {
      ...{ key: 'restart_listening_ms', label: 'restart: until it listens', value: listeningMs, unit: 'ms' },
      must: { atMost: 500 },
    },
    { key: 'restart_answering_ms', label: 'restart: until it answers', value: answeringMs, unit: 'ms' },
    {
      key: 'restart_checks_done',
      label: `restart: of ${CHECKS} checks done within one interval`,
      value: checksDone,
      unit: '',
      must: { atLeast: CHECKS },
    },
    { key: 'restart_not_up', label: 'restart: not up', value: notUp, unit: '', must: { atMost: 0 } },
  ];
}

function rateFigures(prefix: string, label: string, rate: RateRun): readonly Figure[] {
  return [
    { key: `${prefix}_checks_per_second`, label: `${label}: done`, value: rate.checksPerSecond, unit: '1/s' },
    { key: `${prefix}_cpu_share`, label: `${label}: of one core`, value: rate.cpuShare, unit: '' },
    {
      key: `${prefix}_cpu_ms_per_check`,
      label: `${label}: CPU per check`,
      value: rate.cpuMsPerCheck,
      unit: 'ms',
    },
    {
      key: `${prefix}_lateness_p50_ms`,
      label: `${label}: lateness p50`,
      value: rate.latenessP50Ms,
      unit: 'ms',
    },
    {
      key: `${prefix}_lateness_p99_ms`,
      label: `${label}: lateness p99`,
      value: rate.latenessP99Ms,
      unit: 'ms',
    },
    {
      key: `${prefix}_evenness`,
      label: `${label}: fewest by most runs of a check`,
      value: rate.evenness,
      unit: '',
    },
    {
      key: `${prefix}_not_up`,
      label: `${label}: runs falsely not up`,
      value: rate.notUp,
      unit: '',
      must: { atMost: 0 },
    },
  ];
}
