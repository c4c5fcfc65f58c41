import { ERROR_TABLE, type ErrorCode } from './table.js';

/** What may stand beside the message of an error. */
export interface ErrorDetails {
  /** What was found, already safe to show. */
  readonly found?: string;
  /** What would have been right. */
  readonly allowed?: string;
  /** The request field or option path the error is about. */
  readonly field?: string;
  readonly cause?: unknown;
}

/** An error with a code of the table. The message says what happened; the remedy comes from the table. */
export class LabkeeperError extends Error {
  override readonly name: string = 'LabkeeperError';
  readonly found: string | undefined;
  readonly allowed: string | undefined;
  readonly field: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.found = details.found;
    this.allowed = details.allowed;
    this.field = details.field;
  }

  /** What the reader can do about it. */
  get remedy(): string {
    return ERROR_TABLE[this.code].remedy;
  }
}

/**
 * The message of anything that was thrown, for quoting. Includes the causes, because a plain `fetch failed`
 * helps nobody. Foreign text: pass it through redaction before anybody sees it.
 */
export function describeError(thrown: unknown): string {
  const parts: string[] = [];
  // Five causes are more than anybody reads, and a circle of causes must end somewhere.
  for (let error = thrown, depth = 0; error !== undefined && depth < 5; depth++) {
    if (!(error instanceof Error)) {
      parts.push(String(error));
      break;
    }
    const text = error.message || error.name;
    if (text && !parts.some((part) => part.includes(text))) parts.push(text);
    error = error.cause;
  }
  return parts.join(': ');
}
