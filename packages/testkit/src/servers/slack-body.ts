import { optionsObject, Type } from '@labkeeper/core';
import { checkOptions } from '@labkeeper/core/runtime';

// The documented form of a webhook's body (Slack: incoming webhooks, Block Kit, secondary attachments), as far as
// plugins use it. Unknown keys are refused here, so that a misspelt one is seen.

const described = { description: 'as documented by Slack' };
const text = (maxLength: number) => Type.String({ ...described, minLength: 1, maxLength });
const plainText = (maxLength: number) =>
  optionsObject({
    type: Type.Literal('plain_text'),
    text: text(maxLength),
    emoji: Type.Optional(Type.Boolean()),
  });
const markupText = (maxLength: number) =>
  optionsObject({
    type: Type.Literal('mrkdwn'),
    text: text(maxLength),
    verbatim: Type.Optional(Type.Boolean()),
  });
const anyText = (maxLength: number) => Type.Union([plainText(maxLength), markupText(maxLength)]);

const button = optionsObject({
  type: Type.Literal('button'),
  text: plainText(75),
  action_id: Type.Optional(text(255)),
  value: Type.Optional(text(2_000)),
  url: Type.Optional(text(3_000)),
  style: Type.Optional(Type.Union([Type.Literal('primary'), Type.Literal('danger')])),
});

const block = Type.Union([
  optionsObject({ type: Type.Literal('header'), text: plainText(150) }),
  optionsObject({
    type: Type.Literal('section'),
    text: anyText(3_000),
    fields: Type.Optional(Type.Array(anyText(2_000), { minItems: 1, maxItems: 10 })),
  }),
  optionsObject({
    type: Type.Literal('section'),
    fields: Type.Array(anyText(2_000), { minItems: 1, maxItems: 10 }),
  }),
  optionsObject({
    type: Type.Literal('context'),
    elements: Type.Array(anyText(3_000), { minItems: 1, maxItems: 10 }),
  }),
  optionsObject({
    type: Type.Literal('actions'),
    elements: Type.Array(button, { minItems: 1, maxItems: 25 }),
  }),
  optionsObject({ type: Type.Literal('divider') }),
]);

const attachment = optionsObject({
  color: Type.Optional(Type.String({ ...described, pattern: '^(#[0-9a-fA-F]{6}|good|warning|danger)$' })),
  fallback: Type.Optional(text(3_000)),
  pretext: Type.Optional(text(3_000)),
  title: Type.Optional(text(300)),
  title_link: Type.Optional(Type.String({ ...described, pattern: '^https?://' })),
  text: Type.Optional(Type.String({ ...described, maxLength: 3_000 })),
  fields: Type.Optional(
    Type.Array(
      optionsObject({
        title: text(300),
        value: Type.String({ ...described, maxLength: 2_000 }),
        short: Type.Optional(Type.Boolean()),
      }),
      { ...described, maxItems: 10 },
    ),
  ),
  mrkdwn_in: Type.Optional(
    Type.Array(Type.Union([Type.Literal('pretext'), Type.Literal('text'), Type.Literal('fields')])),
  ),
  footer: Type.Optional(text(300)),
  ts: Type.Optional(Type.Integer({ ...described, minimum: 1_000_000_000, maximum: 9_999_999_999 })),
  blocks: Type.Optional(Type.Array(block, { ...described, maxItems: 50 })),
});

const body = optionsObject({
  text: Type.Optional(text(40_000)),
  blocks: Type.Optional(Type.Array(block, { ...described, maxItems: 50 })),
  attachments: Type.Optional(Type.Array(attachment, { ...described, maxItems: 100 })),
  channel: Type.Optional(text(80)),
  username: Type.Optional(text(80)),
  icon_emoji: Type.Optional(Type.String({ ...described, pattern: '^:[^:\\s]+:$' })),
  icon_url: Type.Optional(text(3_000)),
  thread_ts: Type.Optional(text(30)),
  mrkdwn: Type.Optional(Type.Boolean()),
  unfurl_links: Type.Optional(Type.Boolean()),
  unfurl_media: Type.Optional(Type.Boolean()),
});

/** What Slack would answer, and what exactly is wrong. */
export interface SlackComplaint {
  readonly word: 'invalid_payload' | 'invalid_blocks' | 'no_text' | 'too_many_attachments';
  readonly problems: readonly string[];
}

/** What is wrong with a body, or undefined. */
export function complainAbout(value: unknown): SlackComplaint | undefined {
  if (typeof value !== 'object' || value === null)
    return { word: 'invalid_payload', problems: ['not a JSON object'] };
  const {
    text: plain,
    blocks,
    attachments,
  } = value as { text?: unknown; blocks?: unknown; attachments?: unknown };
  if (!plain && !isFilled(blocks) && !isFilled(attachments))
    return { word: 'no_text', problems: ['neither text, blocks nor attachments'] };
  if (Array.isArray(attachments) && attachments.length > 100)
    return { word: 'too_many_attachments', problems: [`${attachments.length} attachments`] };
  const faults = checkOptions(body, value).map(({ path, message }) => `${path.join('.')}: ${message}`);
  const problems = [...faults, ...unescapedTexts(value)];
  if (problems.length === 0) return undefined;
  return {
    word: problems.some((problem) => problem.startsWith('blocks')) ? 'invalid_blocks' : 'invalid_payload',
    problems,
  };
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** Slack's own constructs, and the three entities; every other `<`, `>` and `&` must have been escaped. */
const CONSTRUCT =
  /<(?:![a-z]+(?:\^[^<>]*)?|@[UW][A-Z0-9]+|#C[A-Z0-9]+|(?:https?|mailto):[^<>|]+)(?:\|[^<>|]*)?>/g;
const ENTITY = /&(?:amp|lt|gt);/g;

function unescapedTexts(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'string') {
    // Addresses stand for themselves.
    const isAddress = /(^|\.)(title_link|url|icon_url)$/.test(path);
    const rest = isAddress ? '' : value.replace(CONSTRUCT, '').replace(ENTITY, '');
    return /[<>&]/.test(rest) ? [`${path}: has an unescaped <, > or &`] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    unescapedTexts(item, path === '' ? key : `${path}.${key}`),
  );
}
