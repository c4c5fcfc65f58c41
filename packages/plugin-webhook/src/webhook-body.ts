import { DropFailure, describeError, type Notification } from '@labkeeper/core';
import type { Template } from '@labkeeper/template';
import { alertmanagerBody } from './alertmanager-body.js';
import { parseBody } from './body-template.js';
import { labkeeperBody } from './labkeeper-body.js';
import { formatOf, type WebhookOptions } from './webhook-options.js';

/** Writes the body for one message; made for an instance when it starts. */
export type BodyWriter = (message: Notification) => Promise<string>;

/** The writer that the options ask for. Throws for a template that has not been checked before. */
export function bodyWriter(options: WebhookOptions): BodyWriter {
  switch (formatOf(options)) {
    case 'labkeeper':
      return async (message) => JSON.stringify(labkeeperBody(message));
    case 'alertmanager':
      return async (message) => JSON.stringify(alertmanagerBody(message));
    case 'template':
      return templateWriter(parseBody(options.body ?? ''));
  }
}

/** A template fails the same way every time, so there is nothing to wait for. */
function templateWriter(template: Template): BodyWriter {
  return async (message) => {
    try {
      return await template.execute({ ...labkeeperBody(message) });
    } catch (error) {
      throw new DropFailure('TASK_FAILED', `the body could not be written: ${describeError(error)}`);
    }
  };
}
