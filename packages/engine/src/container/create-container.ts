import { describeError, type HttpClient, LabkeeperError, type Logger } from '@labkeeper/core';
import {
  createEventBus,
  createRedactor,
  createScheduler,
  memoryStorage,
  systemClock,
} from '@labkeeper/core/runtime';
import { ContainerInstance } from 'typedi';
import type { EngineEvents } from '../engine-events.js';
import {
  CLOCK,
  type EngineParts,
  EVENTS,
  EVIDENCE,
  HTTP,
  LOG,
  REDACTOR,
  SCHEDULER,
  STORAGE,
} from './tokens.js';

const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

/** The engine brings no HTTP of its own, so that a program without network plugins need not carry one. */
const noHttp: HttpClient = {
  request: () =>
    Promise.reject(new LabkeeperError('CONNECTION_FAILED', 'this engine was given no HTTP client')),
};

/**
 * A container of its own for one engine: what is given in `parts`, and for the rest a default that works without any
 * set-up (system clock, memory storage, built-in scheduler, silent log). Further tokens may be set before `createEngine`.
 */
export function createContainer(parts: Partial<EngineParts> = {}): ContainerInstance {
  const container = new ContainerInstance('labkeeper');
  container.set(CLOCK, parts.clock ?? systemClock());
  container.set(LOG, parts.log ?? silentLog);
  container.set(HTTP, parts.http ?? noHttp);
  container.set(STORAGE, parts.storage ?? memoryStorage());
  container.set(REDACTOR, parts.redactor ?? createRedactor());
  if (parts.evidence) container.set(EVIDENCE, parts.evidence);
  // Factories, because they build on parts that may still be swapped.
  container.set({
    id: SCHEDULER,
    factory: () =>
      parts.scheduler ?? createScheduler({ clock: container.get(CLOCK), log: container.get(LOG) }),
  });
  container.set({
    id: EVENTS,
    factory: () =>
      parts.events ??
      createEventBus<EngineEvents>((error, event) =>
        container.get(LOG).error('a listener threw', { event, reason: describeError(error) }),
      ),
  });
  return container;
}
