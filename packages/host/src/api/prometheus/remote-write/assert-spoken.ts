import type { IncomingHttpHeaders } from 'node:http';
import { PrometheusFailure } from '../answer.js';

/** What `proto` names when it is given: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#protocol. */
const MESSAGE = 'prometheus.WriteRequest';

/**
 * Refuses with 415 what is not remote write 1.0 in snappy: a 2.0 message reads as an empty one of 1.0, so it would be acknowledged and
 * lost. A 2.0 sender that hears 415 may go back to 1.0. Without a version, a message or an encoding it is taken for 1.0, as
 * Prometheus does.
 */
export function assertSpoken(headers: IncomingHttpHeaders): void {
  const version = headers['x-prometheus-remote-write-version'];
  const message = protoOf(headers['content-type'] ?? '');
  const is2 = typeof version === 'string' && version.startsWith('2');
  if (is2 || (message !== undefined && message !== MESSAGE))
    throw new PrometheusFailure('unsupported_media', `only remote write 1.0 (${MESSAGE}) is spoken here`);
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'snappy';
  if (encoding !== 'snappy')
    throw new PrometheusFailure(
      'unsupported_media',
      `the content-encoding must be snappy, not '${encoding}'`,
    );
}

/** The parameter `proto` of a content type; its name in any case, its value with or without quotes. */
function protoOf(contentType: string): string | undefined {
  const [, ...parameters] = contentType.split(';');
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() === 'proto') return value.trim().replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}
