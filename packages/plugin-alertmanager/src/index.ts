import { definePlugin } from '@labkeeper/core';
import { alertmanagerRoutes } from './alertmanager-routes.js';

export default definePlugin({
  name: 'alertmanager',
  summary: 'Speaks Alertmanager: Prometheus sends its alerts here, amtool lists and silences them.',
  routes: [alertmanagerRoutes],
});
