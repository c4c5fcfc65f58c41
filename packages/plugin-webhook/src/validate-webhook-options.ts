import type { Fault } from '@labkeeper/core';
import { connectionFaults } from '@labkeeper/toolbox';
import { bodyFault } from './try-body.js';
import { formatOf, type WebhookOptions } from './webhook-options.js';

/** Headers that the message itself decides about; two of a kind would contradict each other. */
const RESERVED: Readonly<Record<string, string>> = {
  'content-type': 'content_type: …',
  'content-length': 'nothing: it is counted',
  'transfer-encoding': 'nothing: the length is known',
  connection: 'nothing: connections are kept',
  'idempotency-key': 'nothing: it is the id of the message',
  'x-labkeeper-signature': 'secret: …',
};

/** What the schema cannot say of the options, all faults at once. Pure. */
export function validateWebhookOptions(options: WebhookOptions): readonly Fault[] {
  return [...urlFaults(options), ...connectionFaults(options, RESERVED), ...bodyFaults(options)];
}

function fault(path: Fault['path'], message: string, allowed: string): Fault {
  return { code: 'CONFIG_WRONG_VALUE', path, message, allowed };
}

/** The address is a secret, so a fault says what is wrong with it without quoting it. */
function urlFaults({ url }: WebhookOptions): readonly Fault[] {
  const text = url.reveal();
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return [];
  return [fault(['url'], 'this is not an address', 'https://host:port/path')];
}

function bodyFaults(options: WebhookOptions): readonly Fault[] {
  const { body, content_type } = options;
  const format = formatOf(options);
  if (format !== 'template')
    return body === undefined ? [] : [fault(['format'], 'with a body, the body is what is sent', 'template')];
  if (body === undefined) {
    const message = 'the format is template, and there is none';
    return [{ code: 'CONFIG_MISSING_KEY', path: ['body'], message, allowed: 'a template' }];
  }
  const message = bodyFault(body, isJson(content_type));
  const allowed = 'a template; write texts into JSON as {{ toJson .title }}, without quotes around it';
  return message === undefined ? [] : [fault(['body'], message, allowed)];
}

function isJson(contentType: string): boolean {
  return /^application\/([^;]*\+)?json\b/i.test(contentType);
}
