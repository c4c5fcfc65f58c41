import type { ServerResponse } from 'node:http';
import { type ReceivedRequest, startHttpServer } from './http-server.js';
import type { LocalServer } from './local-server.js';
import { complainAbout, type SlackComplaint } from './slack-body.js';

/** The body of an accepted message, as it was sent. */
export interface SlackPost {
  readonly text?: string;
  readonly blocks?: readonly Readonly<Record<string, unknown>>[];
  readonly attachments?: readonly Readonly<Record<string, unknown>>[];
  readonly channel?: string;
  readonly username?: string;
  readonly icon_emoji?: string;
}

/** The answers of Slack that are not `ok`, by their word. */
const REFUSALS = {
  invalid_payload: 400,
  invalid_blocks: 400,
  no_text: 400,
  too_many_attachments: 400,
  action_prohibited: 403,
  invalid_token: 403,
  channel_not_found: 404,
  no_service: 404,
  no_team: 404,
  channel_is_archived: 410,
  rate_limited: 429,
  rollup_error: 500,
} as const;

/** What the server does instead of accepting: one of Slack's words, or says nothing (`hang`) or goes away (`cut`). */
export type SlackFault = keyof typeof REFUSALS | 'hang' | 'cut';

/** Seconds that the server asks to wait when it is scripted to be busy. */
const RETRY_AFTER_SECONDS = 30;

/** A stand-in for Slack's incoming webhooks, which holds every message against the documented form. */
export interface SlackWebhook extends LocalServer {
  /** The address to configure. */
  readonly webhook: string;
  /** Accepted messages, in order. */
  readonly messages: readonly SlackPost[];
  /** Messages in a wrong form, with what is wrong. A test should end with none. */
  readonly complaints: readonly SlackComplaint[];
  /** Every request, accepted or not. */
  readonly requests: readonly ReceivedRequest[];
  /** What happens to the next messages, one fault each; afterwards they are accepted again. */
  script(...faults: readonly SlackFault[]): void;
  /** What happens to every message from now on; `undefined`: they are accepted. */
  always(fault: SlackFault | undefined): void;
}

const PATH = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';

/** Starts one. */
export async function startSlackWebhook(): Promise<SlackWebhook> {
  const messages: SlackPost[] = [];
  const complaints: SlackComplaint[] = [];
  const scripted: SlackFault[] = [];
  let constant: SlackFault | undefined;

  const receive = (request: ReceivedRequest, response: ServerResponse) => {
    const fault = scripted.shift() ?? constant ?? faultOf(request);
    if (fault !== undefined) return refuse(response, fault);
    const complaint = complainAbout(parse(request.body));
    if (complaint === undefined) {
      messages.push(parse(request.body) as SlackPost);
      return response.writeHead(200, { 'content-type': 'text/html' }).end('ok');
    }
    complaints.push(complaint);
    return refuse(response, complaint.word);
  };
  const server = await startHttpServer((request, response) => void receive(request, response));
  return {
    ...server,
    webhook: server.url + PATH,
    messages,
    complaints,
    script: (...faults) => void scripted.push(...faults),
    always: (fault) => {
      constant = fault;
    },
  };
}

/** What is wrong before the body is even looked at. */
function faultOf({ method, path, headers }: ReceivedRequest): SlackFault | undefined {
  if (path !== PATH) return 'no_service';
  const isJson = String(headers['content-type']).startsWith('application/json');
  return method === 'POST' && isJson ? undefined : 'invalid_payload';
}

function refuse(response: ServerResponse, fault: SlackFault): void {
  if (fault === 'hang') return;
  if (fault === 'cut') return void response.destroy();
  const wait = fault === 'rate_limited' ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {};
  response.writeHead(REFUSALS[fault], { 'content-type': 'text/html', ...wait }).end(fault);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
