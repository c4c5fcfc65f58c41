import { type HttpResponse, LabkeeperError } from '@labkeeper/core';
import { quoteText } from '../text/quote-text.js';

/** An answer that has been read, in the form that plugins get. */
export function httpAnswer(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array,
): HttpResponse {
  const text = () => new TextDecoder().decode(body);
  return { status, headers: joinedHeaders(headers), body, text, json: () => parseJson(text(), status) };
}

function joinedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}

function parseJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const found = text === '' ? 'is empty' : `begins with '${quoteText(text)}'`;
    throw new LabkeeperError('RESPONSE_MALFORMED', `The answer (status ${status}) is not JSON: it ${found}.`);
  }
}
