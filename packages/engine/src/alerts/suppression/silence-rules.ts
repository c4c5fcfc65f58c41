import { isDeepStrictEqual } from 'node:util';
import {
  compileMatchers,
  LabkeeperError,
  type Silence,
  type SilenceRequest,
  silenceState,
} from '@labkeeper/core';

/** What becomes of the silences when somebody asks for one. */
export interface SilenceEdit {
  /** As it is from now on: changed, or new. */
  readonly silence: Silence;
  /** The one that it takes the place of, as ended. */
  readonly replaced?: Silence;
}

/**
 * What a request makes of a known silence or of none. As in Alertmanager (silence.Set): the times of a silence may be changed; with other
 * matchers, or another begin of an active one, it is ended and a new one takes its place. One that has expired stays as it is.
 * Throws VALIDATION_ERROR for matchers or times that cannot be. Pure but for `nextId`.
 */
export function editSilence(
  request: SilenceRequest,
  known: Silence | undefined,
  { nowMs, nextId }: { readonly nowMs: number; readonly nextId: () => string },
): SilenceEdit {
  assertRequest(request, nowMs);
  const { id: _, ...wanted } = request;
  if (known && mayUpdate(known, request, nowMs))
    return { silence: { ...wanted, id: known.id, updatedAtMs: nowMs } };
  const silence: Silence = {
    ...wanted,
    id: nextId(),
    startsAtMs: Math.max(request.startsAtMs, nowMs),
    updatedAtMs: nowMs,
  };
  return known && silenceState(known, nowMs) !== 'expired'
    ? { silence, replaced: endedSilence(known, nowMs) }
    : { silence };
}

/** The silence as ended at that time; one that had not begun never will. Pure. */
export function endedSilence(silence: Silence, nowMs: number): Silence {
  const startsAtMs = Math.min(silence.startsAtMs, nowMs);
  return { ...silence, startsAtMs, endsAtMs: nowMs, updatedAtMs: nowMs };
}

function mayUpdate(known: Silence, { startsAtMs, matchers }: SilenceRequest, nowMs: number): boolean {
  if (!isDeepStrictEqual(known.matchers, matchers)) return false;
  switch (silenceState(known, nowMs)) {
    case 'active':
      // Tools print seconds, and send back what they have printed.
      return Math.floor(startsAtMs / 1_000) === Math.floor(known.startsAtMs / 1_000);
    case 'pending':
      return startsAtMs >= nowMs;
    case 'expired':
      return false;
  }
}

function assertRequest(
  { matchers, startsAtMs, endsAtMs, untilResolved }: SilenceRequest,
  nowMs: number,
): void {
  assertSilenceMatchers(matchers);
  if (!Number.isFinite(startsAtMs)) throw invalid('startsAtMs', 'a silence needs a time at which it begins');
  if (endsAtMs === undefined) {
    if (untilResolved === undefined)
      throw invalid('endsAtMs', 'a silence needs an end, or an alert with which it ends');
    return;
  }
  if (!Number.isFinite(endsAtMs) || endsAtMs < nowMs) throw invalid('endsAtMs', 'the end is in the past');
  if (endsAtMs <= startsAtMs) throw invalid('endsAtMs', 'the end must be later than the begin');
}

/** Refuses matchers that are broken, and those that would silence everything. */
function assertSilenceMatchers(matchers: SilenceRequest['matchers']): void {
  if (matchers.length === 0) throw invalid('matchers', 'a silence needs at least one matcher');
  for (const matcher of matchers) {
    if (matcher.label === '') throw invalid('matchers', 'a matcher needs the name of a label');
  }
  let isForEverything: boolean;
  try {
    isForEverything = matchers.every((matcher) => compileMatchers([matcher])({ name: '', labels: {} }));
  } catch (error) {
    throw invalid('matchers', error instanceof Error ? error.message : String(error));
  }
  if (isForEverything)
    throw invalid(
      'matchers',
      'at least one matcher must not match an empty text, or everything would be silent',
    );
}

function invalid(field: string, message: string): LabkeeperError {
  return new LabkeeperError('VALIDATION_ERROR', message, { field });
}
