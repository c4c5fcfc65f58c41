// What plugins share. Everything here takes its time, its signal and its secrets from the caller; nothing keeps state
// that one plugin could notice of another.
export { connectionFaults } from './connection/connection-faults.js';
export { connectionHeaders } from './connection/connection-headers.js';
export { type ConnectionOptions, connectionOptions, tlsOf } from './connection/connection-options.js';
export { createHttpClient, type HttpClientSetup } from './http/http-client.js';
export { describeNetworkFault, joinHostPort, type Peer } from './http/network-fault.js';
export { redirectTarget } from './http/redirect.js';
export { retryAfterMs } from './http/retry-after.js';
export { shownUrl } from './http/shown-url.js';
export { compileJsonPath, type JsonPath } from './json/json-path.js';
export type { Address, IpVersion } from './names/address.js';
export { createNameResolver, type NameResolver, namesOf } from './names/name-resolver.js';
export { probeHttp } from './probe/probe-http.js';
export {
  type PhaseTimes,
  PROBE_PHASES,
  type ProbeAnswer,
  type ProbeFailure,
  type ProbeHop,
  type ProbePhase,
  type ProbeReport,
  type ProbeRequest,
} from './probe/probe-types.js';
export { alertColour, alertTitle } from './text/alert-words.js';
export { cutText } from './text/cut-text.js';
export { dateText, daysText, durationText } from './text/duration-text.js';
export { quoteText } from './text/quote-text.js';
export { compilePattern, type TextPattern } from './text/text-pattern.js';
export { Deadline, WaitEnded } from './time/deadline.js';
export type { TlsFacts } from './tls/tls-facts.js';
