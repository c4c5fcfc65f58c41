import type { PushedAlert, RouteContext } from '@labkeeper/core';
import type { FastifyInstance } from 'fastify';
import { readAlert } from './api/alert-routes.js';
import { fieldsOf, listOf } from './read-fields.js';
import { TAKES_IN } from './takes-in.js';

/** Alerts that come by the webhook. */
const WAY = 'webhook';

/**
 * An Alertmanager tells of an alert again only after its repeat interval, which people set to as much as a day. One that was not told again
 * for longer has an Alertmanager that is gone.
 */
const FORGOTTEN_AFTER_MS = 25 * 3_600_000;

/** `POST /webhook/alerts`: what an Alertmanager sends to a webhook (version 4 of its body). */
export function webhookRoutes(scope: FastifyInstance, { alerts, clock }: RouteContext): void {
  scope.post('/alerts', TAKES_IN, async ({ body }) => {
    const told = listOf(fieldsOf(body, 'the body').alerts, 'alerts');
    const pushed = told.map((item, index) => lasting(readAlert(item, `alerts[${index}]`), clock.now()));
    await alerts.push(WAY, pushed);
    return { received: pushed.length };
  });
}

function lasting(alert: PushedAlert, nowMs: number): PushedAlert {
  return alert.endsAtMs === undefined ? { ...alert, endsAtMs: nowMs + FORGOTTEN_AFTER_MS } : alert;
}
