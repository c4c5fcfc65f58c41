import { cutText } from './cut-text.js';

/** Longest foreign text that is quoted in a message; more would bury the sentence around it. */
const QUOTED_LENGTH = 80;

/** Foreign text for quoting in one line: white space and control characters become single spaces, and it is cut. */
export function quoteText(text: string, maxLength = QUOTED_LENGTH): string {
  // Ten times the limit is enough to look at: a body can be megabytes long.
  const start = text.slice(0, maxLength * 10);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return cutText(start.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim(), maxLength);
}
