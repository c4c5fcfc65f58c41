import {
  type Check,
  type Collector,
  ConfigFailure,
  type Contribution,
  durationMs,
  type Fault,
  type Notification,
  type Notifier,
  type Observations,
  type PluginContext,
  type RunContext,
  type TSchema,
  type Verdict,
} from '@labkeeper/core';
import { checkOptions, resolveOptions } from '@labkeeper/core/runtime';
import { createLab, type Lab, runContext } from './lab.js';

/** A contribution started with options, as one entry of a configuration file would. */
export interface Instance {
  readonly context: PluginContext<unknown>;
  /** The context of one run; `signal` stands for the run's deadline. */
  run(timeoutMs?: number, signal?: AbortSignal): RunContext<unknown, unknown>;
  stop(): Promise<void>;
}

/** Notifiers have no schedule of their own; this is what the engine gives them. */
const DEFAULT_RUN_TIMEOUT_MS = 10_000;

/** Every fault that the schema and `validate` find in the options. */
export function optionFaults(
  contribution: Contribution<TSchema, unknown>,
  options: unknown,
): readonly Fault[] {
  const faults = checkOptions(contribution.options, options);
  if (faults.length > 0) return faults;
  return contribution.validate?.(resolveOptions(contribution.options, options)) ?? [];
}

/**
 * Starts an instance: options are checked and resolved just as the host does. Throws ConfigFailure for faulty options.
 * Stop it at the end of the test.
 */
export async function startInstance(
  contribution: Contribution<TSchema, unknown>,
  options: unknown,
  lab: Lab = createLab(),
): Promise<Instance> {
  const faults = optionFaults(contribution, options);
  if (faults.length > 0) throw new ConfigFailure(faults);
  const stopping = new AbortController();
  const resolved: unknown = resolveOptions(contribution.options, options, (text) =>
    lab.redactor.protect(text),
  );
  const context = lab.context(contribution.name, resolved, stopping.signal);
  const state = await contribution.start?.(context);
  return {
    context,
    run: (timeoutMs = DEFAULT_RUN_TIMEOUT_MS, signal) =>
      runContext(
        signal ? { ...context, signal: AbortSignal.any([signal, context.signal]) } : context,
        state,
        timeoutMs,
      ),
    stop: async () => {
      stopping.abort();
      await contribution.stop?.(state);
    },
  };
}

/** Starts a check, runs it once, stops it. */
export async function runCheck(check: Check, options: unknown, lab?: Lab): Promise<Verdict> {
  const instance = await startInstance(check, options, lab);
  try {
    return await check.check(instance.run(durationMs(check.schedule.timeout)));
  } finally {
    await instance.stop();
  }
}

/** Starts a collector, collects once, stops it. */
export async function runCollector(collector: Collector, options: unknown, lab?: Lab): Promise<Observations> {
  const instance = await startInstance(collector, options, lab);
  try {
    return await collector.collect(instance.run(durationMs(collector.schedule.timeout)));
  } finally {
    await instance.stop();
  }
}

/** Starts a notifier, sends one message, stops it. */
export async function runNotifier(
  notifier: Notifier,
  options: unknown,
  message: Notification = sampleNotification(),
): Promise<void> {
  const instance = await startInstance(notifier, options);
  try {
    await notifier.notify(message, instance.run());
  } finally {
    await instance.stop();
  }
}

/** A message with everything in it. Change what the test is about. */
export function sampleNotification(changes: Partial<Notification> = {}): Notification {
  return {
    id: 'a3f1c2d4',
    kind: 'alert.firing',
    severity: 'critical',
    title: 'nextcloud is down',
    text: 'Connection refused by cloud.example.com:443 (2 of 2 tries).',
    fields: [
      { label: 'Check', value: 'nextcloud', short: true },
      { label: 'Since', value: '2026-01-18 14:32:00 UTC', short: true },
    ],
    buttons: [{ label: 'Acknowledge', command: '/ack a3f1c2d4', style: 'primary' }],
    atMs: Date.UTC(2026, 0, 18, 14, 32),
    entity: 'site:cloud.example.com',
    alertId: 'a3f1c2d4',
    ...changes,
  };
}
