import type { Fault } from '@labkeeper/core';
import type { EmailOptions } from './email-options.js';

/** What the schema cannot say of the options, all faults at once. Pure. */
export function validateEmailOptions(options: EmailOptions): readonly Fault[] {
  return [...wayFaults(options), ...loginFaults(options)];
}

function wayFaults({ smtp, resend }: EmailOptions): readonly Fault[] {
  const allowed = 'smtp: { host: … } or resend: { api_key: … }';
  if (smtp && resend) {
    const message = 'a mail is sent one way: there is smtp already';
    return [{ code: 'CONFIG_WRONG_VALUE', path: ['resend'], message, allowed }];
  }
  if (smtp || resend) return [];
  const message = 'nothing says how to send: smtp or resend is missing';
  return [{ code: 'CONFIG_MISSING_KEY', path: ['smtp'], message, allowed }];
}

function loginFaults({ smtp }: EmailOptions): readonly Fault[] {
  if (!smtp || (smtp.user === undefined) === (smtp.password === undefined)) return [];
  const missing = smtp.user === undefined ? 'user' : 'password';
  const message = `to log in, ${missing} is missing`;
  return [
    {
      code: 'CONFIG_MISSING_KEY',
      path: ['smtp', missing],
      message,
      allowed: 'user and password, or neither',
    },
  ];
}
