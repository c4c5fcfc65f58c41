import type { Notification } from '@labkeeper/core';
import { alertColour, alertTitle } from '@labkeeper/toolbox';
import type { SlackOptions } from './slack-options.js';
import { slackLink, slackText } from './slack-text.js';

// Limits of Block Kit's reference. Attachments have none written down; the same ones keep a message readable there.
const HEADER_LENGTH = 150;
/** Longest text of a section. */
export const TEXT_LENGTH = 3_000;
const FIELD_COUNT = 10;
const FIELD_LENGTH = 2_000;
/** Room for the label and its stars within a field. */
const LABEL_LENGTH = 200;
/** Slack shows the beginning only, in a notification of the phone. */
const FALLBACK_LENGTH = 500;
/** Who speaks, at the foot of the message. */
const SENDER = 'Labkeeper';

/** The body of a webhook call. */
export type SlackMessage = Readonly<Record<string, unknown>>;

/** A message in Slack's form, as the options want it. Pure. */
export function slackMessage(message: Notification, options: SlackOptions): SlackMessage {
  const calls = mentionsFor(message, options);
  const form = options.format === 'blocks' ? blockMessage(message, calls) : attachmentMessage(message, calls);
  const { channel, username, icon_emoji } = options;
  return { ...form, channel, username, icon_emoji };
}

/** A coloured bar, a title, a text and a table of fields. */
function attachmentMessage(message: Notification, calls: string): SlackMessage {
  const { text, url, atMs } = message;
  return {
    // Calls work outside of attachments only. Without any there is no text: it would stand above as a second title.
    ...(calls === '' ? {} : { text: calls }),
    attachments: [
      {
        color: alertColour(message),
        fallback: fallbackText(message),
        title: titleText(message),
        title_link: url,
        text: slackText(text, TEXT_LENGTH),
        fields: message.fields.slice(0, FIELD_COUNT).map(({ label, value, short = false }) => ({
          title: slackText(label, LABEL_LENGTH),
          value: slackText(value, FIELD_LENGTH),
          short,
        })),
        // Nothing in it is markup: a `*` of a message is a star.
        mrkdwn_in: [],
        footer: SENDER,
        ts: Math.floor(atMs / 1_000),
      },
    ],
  };
}

function blockMessage(message: Notification, calls: string): SlackMessage {
  const { text, fields } = message;
  const blocks = [
    { type: 'header', text: plainText(titleText(message)) },
    ...(text === '' ? [] : [{ type: 'section', text: plainText(slackText(text, TEXT_LENGTH)) }]),
    ...(fields.length === 0
      ? []
      : [{ type: 'section', fields: fields.slice(0, FIELD_COUNT).map(blockField) }]),
    ...(calls === '' ? [] : [{ type: 'section', text: markup(calls) }]),
    { type: 'context', elements: [markup(footerText(message))] },
  ];
  // What phones show, and clients that know no blocks.
  return { text: `${calls} ${fallbackText(message)}`.trim(), blocks };
}

function blockField({ label, value }: Notification['fields'][number]) {
  return markup(
    `*${slackText(label, LABEL_LENGTH)}*\n${slackText(value, FIELD_LENGTH - LABEL_LENGTH - '**\n'.length)}`,
  );
}

const plainText = (text: string) => ({ type: 'plain_text', text, emoji: true });
const markup = (text: string) => ({ type: 'mrkdwn', text });

function titleText(message: Notification): string {
  return slackText(alertTitle(message), HEADER_LENGTH);
}

function fallbackText(message: Notification): string {
  const text = message.text === '' ? '' : ` — ${message.text}`;
  return slackText(alertTitle(message) + text, FALLBACK_LENGTH);
}

/** The time in the reader's own zone, and the way to the page. */
function footerText({ atMs, url }: Notification): string {
  const written = `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const time = `<!date^${Math.floor(atMs / 1_000)}^{date_short_pretty} {time}|${written}>`;
  const link = url === undefined ? '' : slackLink(url, 'Open');
  return [SENDER, time, link].filter((part) => part !== '').join(' · ');
}

function mentionsFor({ kind, severity }: Notification, { mention }: SlackOptions): string {
  if (kind !== 'alert.firing') return '';
  return mention[severity].map(callText).join(' ');
}

/** How Slack writes a call: `<!here>`, `<@U123>`, `<!subteam^S123>`. */
function callText(called: string): string {
  if (/^[a-z]/.test(called)) return `<!${called}>`;
  return called.startsWith('S') ? `<!subteam^${called}>` : `<@${called}>`;
}
