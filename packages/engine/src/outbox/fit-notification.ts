import type { ChannelLimits, Notification } from '@labkeeper/core';

/** The message as the channel can show it: text cut at a word, no buttons where there are none. */
export function fitNotification(
  notification: Notification,
  { textLength, buttons }: ChannelLimits,
): Notification {
  return {
    ...notification,
    text: cutAtWord(notification.text, textLength),
    buttons: buttons === 'shown' ? notification.buttons : [],
  };
}

/** At most `length` characters; what is cut off is cut between words and marked. */
function cutAtWord(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const kept = characters.slice(0, Math.max(0, length - 1)).join('');
  const lastSpace = kept.search(/\s\S*$/);
  // A text without a space in its second half is cut where it must be.
  const end = lastSpace > kept.length / 2 ? lastSpace : kept.length;
  return `${kept.slice(0, end).trimEnd()}…`;
}
