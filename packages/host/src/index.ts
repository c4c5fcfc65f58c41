// For programs that run Labkeeper inside themselves, and for tools that read its configuration.

export { openApiDocument } from './api/documentation/openapi-document.js';
export { configSchema } from './config/config-schema.js';
export { createDigest, type Digest } from './config/digest.js';
export { type ConfigParts, type ConfigReading, type LoadedConfig, loadConfig } from './config/load-config.js';
export { type PrintStyle, printFaults } from './config/print-faults.js';
export { type RunningHost, type StartParts, startHost } from './host.js';
export { createLog, type HostLog, type LogParts } from './log/create-log.js';
export { installedPlugins } from './plugins/installed-plugins.js';
export { threadModule } from './plugins/isolation/thread-module.js';
export { type LoadedPlugin, PluginLoader, type PluginLoaderParts } from './plugins/plugin-loader.js';
export type { ConfiguredKind, StandardPlugin, StandardPlugins } from './plugins/standard-plugins.js';
