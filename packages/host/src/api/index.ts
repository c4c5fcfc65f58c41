export type { PluginRoutes } from './api-parts.js';
export { type Api, createApi } from './create-api.js';
