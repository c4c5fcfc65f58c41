import { type OptionsOf, optionsObject, type Severity, secretOption, Type } from '@labkeeper/core';

const mention = Type.String({
  description: '`here`, `channel`, `everyone`, the id of a user (`U…`) or of a user group (`S…`).',
  pattern: '^(here|channel|everyone|[UWS][A-Z0-9]{5,20})$',
  examples: ['here', 'U012ABCDEF'],
});

const mentionsOf = (severity: Severity) =>
  Type.Array(mention, {
    description: `Whom to call when something of severity ${severity} fires.`,
    default: [],
  });

const mentions = optionsObject(
  {
    critical: mentionsOf('critical'),
    high: mentionsOf('high'),
    medium: mentionsOf('medium'),
    low: mentionsOf('low'),
  },
  { description: 'Whom to call when an alert fires, by severity.', default: {} },
);

/** Only webhooks of the old kind ("custom integrations") look at these; those of an app have them fixed. */
const LEGACY = 'Only for a legacy webhook; the webhook of an app ignores it.';

export const slackOptions = optionsObject({
  webhook: secretOption({
    description: 'Address of the incoming webhook. Whoever has it can post, so it is kept secret.',
  }),
  format: Type.Union([Type.Literal('attachments'), Type.Literal('blocks')], {
    description:
      '`attachments`: with a bar in the colour of the severity and a table of fields; other products that speak Slack’s form know it too. `blocks`: Block Kit, without a colour.',
    default: 'attachments',
  }),
  mention: mentions,
  channel: Type.Optional(
    Type.String({ description: `Channel to post to, such as \`#homelab\`. ${LEGACY}`, minLength: 1 }),
  ),
  username: Type.Optional(
    Type.String({ description: `Name to post as. ${LEGACY}`, minLength: 1, maxLength: 80 }),
  ),
  icon_emoji: Type.Optional(
    Type.String({
      description: `Picture to post with, such as \`:satellite:\`. ${LEGACY}`,
      pattern: '^:[^:\\s]+:$',
      examples: [':satellite:'],
    }),
  ),
});

export type SlackOptions = OptionsOf<typeof slackOptions>;
