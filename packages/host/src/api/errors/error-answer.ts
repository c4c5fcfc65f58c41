import { type ErrorCode, LabkeeperError } from '@labkeeper/core';
import type { ErrorBody } from './error-shape.js';

/** What a caller is told. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  /** A fault of ours: the caller learns nothing but the request id, the log gets the rest. */
  readonly isInternal: boolean;
}

/** Codes that say something to a caller. Any other is a fault inside. */
const STATUS_OF_CODE: Partial<Readonly<Record<ErrorCode, number>>> = {
  BAD_REQUEST: 400,
  STORAGE_INVALID: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  TASK_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  STORAGE_CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_ERROR: 422,
  KEY_INVALID: 422,
  TOO_MANY_REQUESTS: 429,
  SERVICE_UNAVAILABLE: 503,
  STORAGE_UNAVAILABLE: 503,
};

/** The framework's own refusals by their status. */
const CODE_OF_STATUS: Readonly<Record<number, { code: ErrorCode; message: string }>> = {
  404: { code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'The body is larger than 1 MiB.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Bodies are taken as application/json only.' },
  429: { code: 'TOO_MANY_REQUESTS', message: 'Too many requests; wait as long as Retry-After says.' },
  503: { code: 'SERVICE_UNAVAILABLE', message: 'Labkeeper is starting or stopping.' },
};

/** The answer to anything that was thrown while a request was handled. */
export function answerFor(error: unknown, requestId: string): ErrorAnswer {
  if (error instanceof LabkeeperError) {
    const status = statusOf(error);
    if (status !== undefined)
      return refusal(status, codeFor(error), { message: error.message, field: error.field });
  }
  return frameworkRefusal(error) ?? internal(requestId);
}

/** A STORAGE_INVALID with a field is what the caller sent, such as a cursor; without one it is a fault of ours. */
function statusOf(error: LabkeeperError): number | undefined {
  if (error.code === 'STORAGE_INVALID' && error.field === undefined) return undefined;
  return STATUS_OF_CODE[error.code];
}

/** How the store calls it is no caller's business: a cursor that was not given is a bad request. */
function codeFor({ code }: LabkeeperError): ErrorCode {
  return code === 'STORAGE_INVALID' ? 'BAD_REQUEST' : code;
}

function frameworkRefusal(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return undefined;
  const { statusCode } = error;
  if (statusCode < 400 || (statusCode >= 500 && statusCode !== 503)) return undefined;
  const known = CODE_OF_STATUS[statusCode];
  if (known) return refusal(statusCode, known.code, known);
  // What is left are bodies and addresses that cannot be read; the framework's sentence says what is wrong with them.
  return refusal(400, 'BAD_REQUEST', { message: error.message });
}

function internal(requestId: string): ErrorAnswer {
  const message = `Something went wrong inside Labkeeper. The log has the details under request ${requestId}.`;
  return { ...refusal(500, 'INTERNAL', { message }), isInternal: true };
}

function refusal(
  status: number,
  code: ErrorCode,
  { message, field }: { message: string; field?: string | undefined },
): ErrorAnswer {
  return {
    status,
    body: { detail: { code, message, ...(field === undefined ? {} : { field }) } },
    isInternal: false,
  };
}
