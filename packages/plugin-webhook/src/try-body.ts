import { describeError, NOTIFICATION_KINDS, type Notification } from '@labkeeper/core';
import { TemplateError } from '@labkeeper/template';
import { parseBody } from './body-template.js';
import { labkeeperBody } from './labkeeper-body.js';

/** Has everything that breaks JSON which was put together by hand. */
const NASTY_TEXT = 'It said: "50 % of C:\\data",\nand then no more.';

const bare: Notification = {
  id: 'n1',
  kind: 'test',
  severity: 'low',
  title: NASTY_TEXT,
  text: '',
  fields: [],
  buttons: [],
  atMs: 0,
};

const full: Notification = {
  ...bare,
  kind: 'alert.firing',
  severity: 'critical',
  text: NASTY_TEXT,
  fields: [
    { label: 'Check', value: NASTY_TEXT, short: true },
    { label: 'Since', value: NASTY_TEXT },
  ],
  buttons: [{ label: 'Acknowledge', command: '/ack a1' }],
  entity: 'server:nas',
  alertId: 'a1',
  url: 'https://monitor.example/alerts/a1',
  alerts: (['firing', 'resolved'] as const).map((state) => ({
    alertId: state,
    title: NASTY_TEXT,
    text: NASTY_TEXT,
    severity: 'high',
    state,
    sinceMs: 0,
    entity: 'server:nas',
    rule: 'DiskFull',
    labels: { alertname: 'DiskFull', instance: NASTY_TEXT },
    annotations: { summary: NASTY_TEXT },
    fingerprint: '0123456789abcdef',
  })),
  groupLabels: { instance: NASTY_TEXT },
};

/** Messages with everything and with nothing, of every kind, so that both sides of most conditions are walked. */
const SAMPLES: readonly Notification[] = NOTIFICATION_KINDS.flatMap((kind) => [
  { ...full, kind },
  { ...bare, kind },
]);

/**
 * What is wrong with a template, or undefined: it is written out for made-up messages, and with `isJson` each result
 * must be JSON. Better now than when the first alert is lost by it. Pure. Called whenever the configuration is read.
 */
export function bodyFault(text: string, isJson: boolean): string | undefined {
  try {
    const template = parseBody(text);
    const bodies = SAMPLES.map((message) => template.executeNow({ ...labkeeperBody(message) }));
    return isJson ? firstDefined(bodies.map(jsonFault)) : undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

function jsonFault(body: string): string | undefined {
  try {
    JSON.parse(body);
    return undefined;
  } catch (error) {
    return `the body is no JSON: ${describeError(error)}`;
  }
}

function firstDefined(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined);
}
