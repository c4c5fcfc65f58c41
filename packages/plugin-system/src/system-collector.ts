import { hostname } from 'node:os';
import {
  type Clock,
  defineCollector,
  describeError,
  type EntityObservation,
  type Fault,
  type Logger,
  type MetricDescription,
  type Sample,
} from '@labkeeper/core';
import { inventory, serverEntity } from './inventory.js';
import { LabelCache } from './label-cache.js';
import { type Part, type PartContext, reportInto } from './part.js';
import { ALL_PARTS } from './parts.js';
import { systemFiles } from './system-files.js';
import { EXPRESSION_OPTIONS, type SystemOptions, systemOptions } from './system-options.js';

/** Addresses and kernels change rarely; asking for them costs more than all the rest. */
const INVENTORY_INTERVAL_MS = 600_000;

const OWN_METRICS: readonly MetricDescription[] = [
  {
    name: 'node_scrape_collector_success',
    type: 'gauge',
    help: 'Whether a part of the collection succeeded.',
    labels: ['collector'],
  },
  {
    name: 'node_scrape_collector_duration_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Duration of a part of the collection.',
    labels: ['collector'],
  },
];

interface SystemState {
  readonly parts: readonly { readonly name: string; readonly read: ReturnType<Part['create']> }[];
  readonly labels: LabelCache;
  inventory?: { readonly entity: EntityObservation; readonly atMs: number };
}

/** The machine it runs on. */
export const systemCollector = defineCollector({
  name: 'system',
  summary: 'Collects CPU, memory, disks, network and load of the machine it runs on.',
  options: systemOptions,
  metrics: [...ALL_PARTS.flatMap((part) => part.metrics), ...OWN_METRICS],
  schedule: { every: '10s', timeout: '8s' },
  // The job name that node_exporter's rules and boards ask for.
  job: 'node',

  validate: (options) => EXPRESSION_OPTIONS.flatMap((name) => expressionFault(options, name)),

  target: () => ({ entity: serverEntity(hostname()), displayName: hostname() }),

  start: (): SystemState => ({
    parts: ALL_PARTS.map((part) => ({ name: part.name, read: part.create() })),
    labels: new LabelCache(),
  }),

  async collect({ options, clock, signal, state, log }) {
    const files = systemFiles(options);
    const context: PartContext = { files, options, labels: state.labels, clock, signal };
    const samples: Sample[] = [];
    for (const part of state.parts) await readPart(part, context, { samples, log });
    return { samples, entities: [currentInventory(state, context)] };
  },
});

async function readPart(
  { name, read }: SystemState['parts'][number],
  context: PartContext,
  { samples, log }: { samples: Sample[]; log: Logger },
): Promise<void> {
  const startMs = context.clock.monotonicMs();
  const own: Sample[] = [];
  let success = 1;
  try {
    await read(context, reportInto(own));
    samples.push(...own);
  } catch (error) {
    success = 0;
    log.warn('a part of the collection failed', { part: name, reason: describeError(error) });
  }
  const labels = context.labels.of(['collector'], name);
  const report = reportInto(samples);
  report('node_scrape_collector_success', success, labels);
  report('node_scrape_collector_duration_seconds', (context.clock.monotonicMs() - startMs) / 1000, labels);
}

function currentInventory(state: SystemState, { files, clock }: PartContext): EntityObservation {
  const nowMs = (clock satisfies Clock).monotonicMs();
  if (!state.inventory || nowMs - state.inventory.atMs >= INVENTORY_INTERVAL_MS) {
    state.inventory = { entity: inventory(files, serverEntity(hostname())), atMs: nowMs };
  }
  return state.inventory.entity;
}

function expressionFault(options: SystemOptions, name: (typeof EXPRESSION_OPTIONS)[number]): Fault[] {
  try {
    new RegExp(options[name]);
    return [];
  } catch (error) {
    return [
      {
        code: 'CONFIG_WRONG_VALUE',
        path: [name],
        message: describeError(error),
        found: options[name],
        allowed: 'a regular expression',
      },
    ];
  }
}
