import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../contract/secret.js';
import { createRedactor } from './redactor.js';

describe('a redactor', () => {
  it('replaces a secret in every form in which it may travel', () => {
    const redactor = createRedactor();
    const secret = redactor.protect('p&ss "wörd"/1');
    const forms = [
      secret,
      encodeURIComponent(secret),
      encodeURI(secret),
      JSON.stringify(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
    ];
    for (const form of forms) expect(redactor.redact(`<${form}>`)).toMatch(/^<"?\[secret\]=*"?>$/);
  });

  it('leaves no rest of a secret that contains another one', () => {
    const redactor = createRedactor();
    redactor.protect('hunter2');
    redactor.protect('hunter2-and-more');
    expect(redactor.redact('it is hunter2-and-more!')).toBe('it is [secret]!');
  });

  it('takes no notice of texts so short that they turn up by chance', () => {
    const redactor = createRedactor();
    redactor.protect('8080');
    expect(redactor.redact('port 8080')).toBe('port 8080');
  });

  it('reaches into values: keys, lists, errors with their causes, and ends circles', () => {
    const redactor = createRedactor();
    redactor.protect('hunter2');
    const circle: Record<string, unknown> = { 'key-hunter2': ['hunter2', new Secret('other')] };
    circle.self = circle;
    circle.error = new Error('refused hunter2', { cause: new Error('hunter2 again') });
    const shown = JSON.stringify(redactor.redactValue(circle));
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('refused [secret]');
    expect(shown).not.toContain('other');
  });

  it('lets no secret through, whatever surrounds it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 6, unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const redactor = createRedactor();
          for (const secret of secrets) redactor.protect(secret);
          for (const secret of secrets) {
            fc.pre(!'[secret]'.includes(secret));
            const shown = redactor.redact(`${before}${secret}${after}`);
            // What is left may contain the secret only where it was put together by the replacement text itself.
            expect(shown.split('[secret]').some((part) => part.includes(secret))).toBe(false);
          }
        },
      ),
    );
  });
});

describe('a secret', () => {
  it('prints as [secret] everywhere but where it is revealed', () => {
    const secret = new Secret('hunter2');
    expect(`${secret} ${JSON.stringify({ secret })} ${String(secret)}`).toBe(
      '[secret] {"secret":"[secret]"} [secret]',
    );
    expect(secret.reveal()).toBe('hunter2');
    expect(Object.keys(secret)).toEqual([]);
  });
});
