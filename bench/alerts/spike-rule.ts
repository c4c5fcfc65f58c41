import { RemoteWriteRequest } from '../tsdb/peers/remote-write.js';

/** One alert for each unit that spikes; the unit stands in the message. */
export const SPIKE_RULES = `groups:
  - name: spikes
    interval: 10s
    rules:
      - alert: Spike
        expr: spike > 5
        annotations: { summary: 'Spike of {{ $labels.unit }}' }
`;

/** A name that no other text contains. */
export function unitName(index: number): string {
  return `unit-${index}-end`;
}

/** The sample that makes the rule true for a unit, as a remote write. */
export function spikeRequest(unit: string): Buffer {
  const request = new RemoteWriteRequest([{ name: 'spike', labels: { unit } }], 1);
  request.fill(0, Date.now(), Float64Array.of(9));
  return request.body;
}

export const WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};
