import type { MetricDescription, Sample } from '@labkeeper/core';
import type { ProbePhase, ProbeReport } from '@labkeeper/toolbox';
import type { Finding } from './expectations.js';
import type { HttpOptions } from './http-options.js';

// Names, labels and meanings of blackbox_exporter, so that its boards and rules work. `probe_success` and
// `probe_duration_seconds` come from the engine.

/** Recorded by default. A sample costs storage a thousand times a minute, so these are few. */
const STANDARD_METRICS: readonly MetricDescription[] = [
  { name: 'probe_http_status_code', type: 'gauge', help: 'Status of the last answer, 0 without an answer.' },
  {
    name: 'probe_http_duration_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Duration of each phase that happened, summed over redirects.',
    labels: ['phase'],
  },
  {
    name: 'probe_ssl_earliest_cert_expiry',
    type: 'gauge',
    unit: 'seconds',
    help: 'Earliest end of a certificate of the chain, in Unix time.',
  },
];

const FURTHER_METRICS: readonly MetricDescription[] = [
  { name: 'probe_http_redirects', type: 'gauge', help: 'Redirects that were followed.' },
  {
    name: 'probe_http_content_length',
    type: 'gauge',
    unit: 'bytes',
    help: 'Length that the answer declared, -1 without one.',
  },
  {
    name: 'probe_http_uncompressed_body_length',
    type: 'gauge',
    unit: 'bytes',
    help: 'Bytes of the body that were read.',
  },
  { name: 'probe_http_ssl', type: 'gauge', help: 'Whether the last address was https, 1 or 0.' },
  { name: 'probe_http_version', type: 'gauge', help: 'Version of HTTP of the answer.' },
  { name: 'probe_ip_protocol', type: 'gauge', help: 'Version of the Internet Protocol, 4 or 6.' },
  { name: 'probe_dns_lookup_time_seconds', type: 'gauge', unit: 'seconds', help: 'Time to resolve names.' },
  {
    name: 'probe_failed_due_to_regex',
    type: 'gauge',
    help: 'Whether a regular expression was not met, 1 or 0.',
  },
  {
    name: 'probe_tls_version_info',
    type: 'gauge',
    help: 'Version of TLS, as the label.',
    labels: ['version'],
  },
];

export const HTTP_METRICS: readonly MetricDescription[] = [...STANDARD_METRICS, ...FURTHER_METRICS];

// Label sets are made once: a store may keep them as a key.
const PHASE_LABELS: Readonly<Record<ProbePhase, { readonly phase: ProbePhase }>> = {
  resolve: { phase: 'resolve' },
  connect: { phase: 'connect' },
  tls: { phase: 'tls' },
  processing: { phase: 'processing' },
  transfer: { phase: 'transfer' },
};

/** The samples of one probe, as many as the options ask for. */
export function httpSamples(
  report: ProbeReport,
  amount: HttpOptions['metrics'],
  finding: Finding | undefined,
): readonly Sample[] {
  const samples: Sample[] = [{ name: 'probe_http_status_code', value: report.answer?.status ?? 0 }];
  if (amount === 'minimal') return samples;
  for (const phase of Object.keys(report.phases) as ProbePhase[]) {
    const ms = report.phases[phase] ?? 0;
    samples.push({ name: 'probe_http_duration_seconds', labels: PHASE_LABELS[phase], value: ms / 1_000 });
  }
  const { tls } = report.hops.at(-1) ?? {};
  if (tls) samples.push({ name: 'probe_ssl_earliest_cert_expiry', value: tls.earliestExpiryMs / 1_000 });
  if (amount === 'all') samples.push(...furtherSamples(report, finding));
  return samples;
}

function furtherSamples(report: ProbeReport, finding: Finding | undefined): Sample[] {
  const { answer, hops, phases } = report;
  const last = hops.at(-1);
  const samples: Sample[] = [
    { name: 'probe_http_redirects', value: hops.length - 1 },
    { name: 'probe_http_ssl', value: last?.url.protocol === 'https:' ? 1 : 0 },
    { name: 'probe_dns_lookup_time_seconds', value: (phases.resolve ?? 0) / 1_000 },
    { name: 'probe_failed_due_to_regex', value: finding?.isRegex ? 1 : 0 },
  ];
  if (last?.address) samples.push({ name: 'probe_ip_protocol', value: last.address.family });
  if (last?.tls)
    samples.push({
      name: 'probe_tls_version_info',
      labels: { version: tlsVersion(last.tls.protocol) },
      value: 1,
    });
  if (answer) {
    samples.push(
      { name: 'probe_http_content_length', value: Number(answer.headers['content-length'] ?? -1) },
      { name: 'probe_http_uncompressed_body_length', value: answer.bodyBytes },
      { name: 'probe_http_version', value: Number(answer.httpVersion) },
    );
  }
  return samples;
}

/** `TLSv1.3` of Node is `TLS 1.3` in blackbox_exporter. */
function tlsVersion(protocol: string): string {
  return protocol.replace('TLSv', 'TLS ');
}
