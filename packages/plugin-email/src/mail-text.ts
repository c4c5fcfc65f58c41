import type { Notification } from '@labkeeper/core';
import { alertTitle, cutText } from '@labkeeper/toolbox';

/** Longest text of a mail, in characters; the notifier tells the engine so. */
export const TEXT_LENGTH = 20_000;
/** A longer subject is cut off by every mail program. */
const SUBJECT_LENGTH = 150;
const FIELD_COUNT = 50;
const LABEL_LENGTH = 200;
const VALUE_LENGTH = 2_000;

/** What a mail says, cut to its limits and without control characters; both forms of the mail are made of it. */
export interface MailWords {
  readonly title: string;
  readonly text: string;
  readonly fields: readonly { readonly label: string; readonly value: string }[];
  /** `2026-01-18 14:32:00 UTC` */
  readonly time: string;
  /** Page with more; absent when there is none that a mail may link to. */
  readonly url?: string;
}

/** The one place that reads a notification. Pure. */
export function mailWords(message: Notification): MailWords {
  const url = linkable(message.url);
  return {
    title: oneLine(alertTitle(message), SUBJECT_LENGTH),
    text: cutText(printable(message.text), TEXT_LENGTH),
    fields: message.fields.slice(0, FIELD_COUNT).map(({ label, value }) => ({
      label: oneLine(label, LABEL_LENGTH),
      value: cutText(printable(value), VALUE_LENGTH),
    })),
    time: `${new Date(message.atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    ...(url === undefined ? {} : { url }),
  };
}

/** The mail for programs that show no HTML. */
export function plainMail({ title, text, fields, time, url }: MailWords): string {
  const parts = [
    title,
    text,
    fields.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    url ?? '',
    // A signature, as mail programs know it.
    `-- \nLabkeeper · ${time}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Only pages: anything else in a link would run or open something. */
function linkable(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

/** In one line: a subject with a line break in it would begin another header. */
function oneLine(text: string, maxLength: number): string {
  return cutText(printable(text).replace(/\s+/g, ' ').trim(), maxLength);
}

/** Without control characters, which neither form can show. Tabs and line ends stay. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
