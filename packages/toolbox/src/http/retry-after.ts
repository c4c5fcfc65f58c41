/**
 * How long another side asks to wait, in milliseconds, from a `Retry-After` header: seconds, or a date (RFC 9110,
 * section 10.2.3). Undefined when it says nothing that can be understood.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const untilMs = Date.parse(header);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - nowMs);
}
