import { type Static, Type } from '@labkeeper/core';
import type { JournalRow } from '@labkeeper/engine';
import { isoTime, nullable, shape, time } from '../schemas/shape.js';

const whyRow = shape('WhyRow', {
  at: time(),
  kind: Type.String({ description: 'What happened.', examples: ['notification.skipped'] }),
  reason: Type.String({ description: 'Why, in one sentence.' }),
  channel: nullable(Type.String()),
  notification_id: nullable(Type.String()),
  by: nullable(Type.String(), { description: 'The person, where it was one.' }),
});

/** The why-trail of an alert, the oldest row first. */
export const whyShape = shape('WhyTrail', {
  items: Type.Array(whyRow, { description: 'The oldest first.' }),
});

/** A row of the trail as it travels. */
export function whyView(row: JournalRow): Static<typeof whyRow> {
  const { atMs, kind, reason, channel, notificationId, actor } = row;
  return {
    ...{ at: isoTime(atMs), kind, reason, channel: channel ?? null },
    ...{ notification_id: notificationId ?? null, by: actor?.name ?? null },
  };
}
