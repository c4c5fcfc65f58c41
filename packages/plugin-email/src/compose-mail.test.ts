import { sampleNotification } from '@labkeeper/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMail } from './compose-mail.js';

const FROM = { from: 'Labkeeper <lab@example.org>' };
const anyText = fc.string({ unit: 'binary', maxLength: 300 });
/** Texts that are likely to do harm. */
const nastyText = fc.array(
  fc.constantFrom('<', '>', '"', "'", '&', '&lt;', '<script>', '</p>', '\r\n', '\n', 'Bcc: a@b', 'x', ' '),
);
const text = fc.oneof(
  anyText,
  nastyText.map((parts) => parts.join('')),
);

/** The elements of a page in order, without line breaks, which a text may have any number of. */
function elementsOf(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? []).filter((element) => element !== '<br>');
}

describe('a mail of whatever text', () => {
  it('has the elements of every other mail, and a subject in one line', () => {
    const plain = composeMail(
      sampleNotification({ title: 'x', text: 'x', fields: [{ label: 'x', value: 'x' }] }),
      FROM,
    );
    fc.assert(
      fc.property(text, text, text, text, (title, body, label, value) => {
        // Without a text there is no paragraph for it.
        const message = sampleNotification({ title, text: `x${body}`, fields: [{ label, value }] });
        const mail = composeMail(message, FROM);
        expect(elementsOf(mail.html)).toEqual(elementsOf(plain.html));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(mail.subject).not.toMatch(/[\u0000-\u001f\u007f]/);
        expect(mail.subject.length).toBeLessThanOrEqual(150);
      }),
    );
  });

  it('has headers that only its ids decide about, each in one line', () => {
    fc.assert(
      fc.property(text, text, text, (id, alertId, title) => {
        const mail = composeMail(sampleNotification({ id, alertId, title }), FROM);
        expect(mail.messageId).toMatch(/^<notification\.[0-9a-f]{32}@example\.org>$/);
        expect(mail.headers).toEqual({
          'In-Reply-To': expect.stringMatching(/^<alert\.[0-9a-f]{32}@example\.org>$/),
          References: mail.headers['In-Reply-To'],
          'Auto-Submitted': 'auto-generated',
          'X-Labkeeper-Kind': 'alert.firing',
          'X-Labkeeper-Severity': 'critical',
        });
      }),
    );
  });
});
