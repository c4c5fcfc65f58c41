import { durationMs, LabkeeperError, parseDuration } from '@labkeeper/core';

/**
 * Milliseconds of a time that a body gives, ISO 8601 with its zone. Throws VALIDATION_ERROR for what is none.
 */
export function readTime(text: string, field: string): number {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs))
    throw new LabkeeperError(
      'VALIDATION_ERROR',
      `${field}: '${text}' is not a time such as 2026-01-31T12:00:00Z.`,
      {
        field,
      },
    );
  return timeMs;
}

/** The same for a time that must be yet to come. Throws BAD_REQUEST for one that has passed. */
export function readComingTime(text: string, field: string, nowMs: number): number {
  const timeMs = readTime(text, field);
  if (timeMs <= nowMs) throw new LabkeeperError('BAD_REQUEST', `${field} has passed already.`, { field });
  return timeMs;
}

/** Milliseconds of a duration that is longer than nothing. Throws VALIDATION_ERROR. */
export function readDuration(text: string, field: string): number {
  if ((parseDuration(text) ?? 0) > 0) return durationMs(text);
  throw new LabkeeperError('VALIDATION_ERROR', `${field}: '${text}' is not a duration such as 2h.`, {
    field,
  });
}
