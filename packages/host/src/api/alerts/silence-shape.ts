import {
  DURATION_PATTERN,
  SILENCE_STATES,
  type Silence,
  type Static,
  silenceState,
  Type,
} from '@labkeeper/core';
import { choice, isoTime, isoTimeOrNull, nullable, shape, time } from '../schemas/shape.js';
import { matcherShape, matcherView } from './matcher-shape.js';

/** A silence as it travels. */
export const silenceShape = shape('Silence', {
  silence_id: Type.String(),
  state: choice(SILENCE_STATES),
  matchers: Type.Array(matcherShape, { description: 'Labels of the alerts that it covers; all must match.' }),
  starts_at: time(),
  ends_at: nullable(time(), { description: 'Null: when the alert in `until_resolved` is over.' }),
  until_resolved: nullable(Type.String(), { description: 'Id of the alert whose end ends it.' }),
  created_by: Type.String(),
  comment: Type.String(),
  updated_at: time(),
});

export const silenceList = shape('SilenceList', { items: Type.Array(silenceShape) });

export const silenceParams = Type.Object({
  silence_id: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the silence.' }),
});

const comment = Type.String({ maxLength: 1_000, description: 'Why, for the others.' });
const duration = Type.String({
  minLength: 2,
  pattern: DURATION_PATTERN,
  description: 'How long it lasts.',
  examples: ['2h'],
});

export const silenceInput = shape('SilenceInput', {
  matchers: Type.Array(matcherShape, {
    minItems: 1,
    maxItems: 100,
    description: 'All must match, and one of them must not match the empty text.',
  }),
  starts_at: Type.Optional(nullable(time(), { description: 'Default now.' })),
  ends_at: Type.Optional(nullable(time(), { description: 'This or `duration`.' })),
  duration: Type.Optional(nullable(duration)),
  comment: Type.Optional(comment),
});

export const alertSilenceInput = shape('AlertSilence', {
  duration: Type.Optional(nullable(duration, { description: 'Null or left out: until the alert is over.' })),
  comment: Type.Optional(comment),
});

/** A silence as it travels. */
export function silenceView(silence: Silence, nowMs: number): Static<typeof silenceShape> {
  const { id, matchers, startsAtMs, endsAtMs, untilResolved, createdBy, updatedAtMs } = silence;
  return {
    ...{ silence_id: id, state: silenceState(silence, nowMs), matchers: matchers.map(matcherView) },
    ...{ starts_at: isoTime(startsAtMs), ends_at: isoTimeOrNull(endsAtMs) },
    ...{ until_resolved: untilResolved ?? null, created_by: createdBy, comment: silence.comment },
    updated_at: isoTime(updatedAtMs),
  };
}
