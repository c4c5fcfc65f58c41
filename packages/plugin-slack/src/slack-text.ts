import { cutText } from '@labkeeper/toolbox';

/** The only characters that Slack asks to escape, in every kind of text. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Foreign text for Slack in at most `maxLength` characters, escapes counted: it can neither call anybody nor link
 * anywhere. Control characters are dropped, because they end up as boxes.
 */
export function slackText(text: string, maxLength: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  let kept = cutText(text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ''), maxLength);
  let escaped = escapeText(kept);
  while (escaped.length > maxLength) {
    // In proportion first, and at least by one: a text of nothing but `<` is four times as long when it is escaped.
    kept = cutText(kept, Math.min(kept.length - 1, Math.floor((kept.length * maxLength) / escaped.length)));
    escaped = escapeText(kept);
  }
  return escaped;
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

/** A link with a short name, or nothing for a text that is no address. */
export function slackLink(url: string, name: string): string {
  if (!URL.canParse(url)) return '';
  // The line is what parts address and name in Slack's form; in an address it may be written in its encoded form.
  return `<${escapeText(new URL(url).href.replaceAll('|', '%7C'))}|${escapeText(name)}>`;
}
