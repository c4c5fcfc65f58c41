const ELLIPSIS = '…';
/** A cut goes back to a space no further than this; a single endless word is cut where the limit is. */
const LONGEST_STEP_BACK = 40;

/**
 * The text in at most `maxLength` UTF-16 units, which is how chat services count: cut at a word where one ends nearby,
 * never inside a character, with an ellipsis. A text that fits is returned as it is. `maxLength` is at least 1.
 */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let end = Math.max(0, maxLength - ELLIPSIS.length);
  const space = text.lastIndexOf(' ', end);
  if (space > end - LONGEST_STEP_BACK && space > 0) end = space;
  if (isHighSurrogate(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end) + ELLIPSIS;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
