import { ROUNDS_PER_REQUEST, type Round, type Scenario } from '../scenario.js';
import { RemoteWriteRequest } from './remote-write.js';
import type { Server } from './server.js';

const HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};

export function sendRequest({ http, kind }: Server, { body }: RemoteWriteRequest): Promise<void> {
  return http.post(`${kind.apiPath}/write`, body, HEADERS);
}

/** Sends one host's samples of a round as a request of their own. */
export type SendHeartbeat = (host: number, timeMs: number, values: Float64Array) => Promise<void>;

export function heartbeats(server: Server, { series, hosts, seriesPerHost }: Scenario): SendHeartbeat {
  const requests = Array.from(
    { length: hosts },
    (_, host) => new RemoteWriteRequest(series.slice(host * seriesPerHost, (host + 1) * seriesPerHost), 1),
  );
  return (host, timeMs, values) => {
    const request = requests[host] as RemoteWriteRequest;
    request.fill(0, timeMs, values, host * seriesPerHost);
    return sendRequest(server, request);
  };
}

/** Sends so many rounds of the rest as requests of single hosts. Returns the samples sent. */
export async function sendHeartbeats(
  server: Server,
  scenario: Scenario,
  rest: Iterator<Round, void>,
  count: number,
): Promise<number> {
  const send = heartbeats(server, scenario);
  for (let step = 0; step < count; step++) {
    const { value: round } = rest.next();
    if (!round) return step * scenario.series.length;
    for (let host = 0; host < scenario.hosts; host++) await send(host, round.timeMs, round.values);
  }
  return count * scenario.series.length;
}

/** Sends all rounds that are left, several rounds of all hosts in a request. Returns the samples sent. */
export async function sendInBulk(
  server: Server,
  { series }: Scenario,
  rest: Iterator<Round, void>,
): Promise<number> {
  const request = new RemoteWriteRequest(series, ROUNDS_PER_REQUEST);
  let filled = 0;
  for (let { value: round } = rest.next(); round; { value: round } = rest.next()) {
    request.fill(filled % ROUNDS_PER_REQUEST, round.timeMs, round.values);
    if (++filled % ROUNDS_PER_REQUEST === 0) await sendRequest(server, request);
  }
  return filled * series.length;
}
