import type { AlertsClient } from '@labkeeper/core';
import type { Alerts } from './alerts.js';

/** What plugins may see of the alerts and do with them: no more than their contract says. */
export function alertsClient(alerts: Alerts): AlertsClient {
  return {
    firing: () => alerts.firing(),
    push: (source, pushed) => alerts.push(source, pushed),
    silences: () => alerts.silences(),
    silence: (request, by) => alerts.silence(request, by),
    expireSilence: (id, by) => alerts.expireSilence(id, by),
    groups: () => alerts.groups(),
    channels: () => alerts.channels(),
  };
}
