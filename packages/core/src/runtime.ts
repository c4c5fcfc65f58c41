// Door 2: what programs import. Plugins never do.
export { ManualClock } from './clock/manual-clock.js';
export { systemClock } from './clock/system-clock.js';
export { createEventBus, type EventBus, type EventMap } from './events/event-bus.js';
export { nearestName } from './names/nearest-name.js';
export { checkOptions } from './options/check-options.js';
export { resolveOptions } from './options/resolve-options.js';
export { describeSchema, isSecretNode, type SchemaNode, schemaNode } from './options/schema-text.js';
export { createRedactor, type Redactor } from './redaction/redactor.js';
export {
  type ContributionOf,
  contractFits,
  createRegistry,
  NAMED_KINDS,
  type NamedKind,
  type PluginOrigin,
  type Registered,
  type RegisteredPlugin,
  type Registry,
} from './registry/registry.js';
export { DEFAULT_LIMITS, type SchedulerLimits } from './scheduler/budgets.js';
export { createScheduler, type SchedulerParts } from './scheduler/scheduler.js';
export { memoryStorage } from './storage/memory-storage.js';
