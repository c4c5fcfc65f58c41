/**
 * The start of the window in which a time lies. A window has its end and not its beginning, as the steps of roll-ups do: so no step lies
 * in two windows.
 */
export function windowOf(timeMs: number, lengthMs: number): number {
  return Math.ceil(timeMs / lengthMs) * lengthMs - lengthMs;
}
