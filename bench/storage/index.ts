import type { BenchOptions, BenchReport, BenchRun, Figure } from '../report.js';
import { SAMPLES_PER_CHECK } from './fleet.js';
import { measureLayout, ROW_LAYOUTS, type WritingCost } from './layouts.js';
import { fillStore, openingAfterKillMs, putMs, reopeningMs, selectionMs } from './store.js';

const HOUR_MS = 3_600_000;
const CHECKS = 1_000;
/** For the day of one series: fewer checks, so that the day is written in seconds. */
const CHECKS_FOR_A_DAY = 100;

/** Uptime Kuma 2.5, 1,000 HTTP checks at 20 s: what it writes for each check. */
const KUMA_BYTES_PER_CHECK = 44_000;

/** What keeping samples and records costs, and what plain rows would cost instead. */
export const run: BenchRun = async ({ quick }: BenchOptions): Promise<BenchReport> => {
  const spanMs = quick ? HOUR_MS / 12 : HOUR_MS;
  const figures = [
    ...(await writingFigures(spanMs)),
    ...(await readingFigures(quick ? HOUR_MS : 24 * HOUR_MS)),
  ];
  for (const layout of ROW_LAYOUTS) {
    figures.push(...costFigures(layout.key, layout.name, await measureLayout(layout, CHECKS, spanMs)));
  }
  return {
    title: `SQLite: ${CHECKS} checks every 20 s, ${SAMPLES_PER_CHECK} samples each, a flush a second`,
    figures,
    notes: [
      'CPU counts all threads of the process and the making of the samples. Bytes are what the kernel counts as written',
      '(write_bytes of /proc/self/io), the write-ahead log and its move into the database included.',
    ],
  };
};

async function writingFigures(spanMs: number): Promise<Figure[]> {
  let filled = await fillStore(CHECKS, spanMs);
  const { cost } = filled;
  const killedMs = await openingAfterKillMs(filled);
  const reopened = await reopeningMs(filled);
  filled = reopened.filled;
  const { single, together } = await putMs(filled);
  await filled.end();
  return [
    ...costFigures('store', 'this store', cost),
    {
      key: 'store_bytes_per_check',
      label: 'Bytes written per check',
      value: cost.bytesPerSample * SAMPLES_PER_CHECK,
      unit: 'B',
      references: [{ name: 'Uptime Kuma', value: KUMA_BYTES_PER_CHECK }],
    },
    { key: 'open_after_close_ms', label: 'Open after a clean end', value: reopened.ms, unit: 'ms' },
    {
      key: 'open_after_kill_ms',
      label: 'Open after kill -9',
      value: killedMs,
      unit: 'ms',
      must: { atMost: 500 },
    },
    { key: 'put_single_ms', label: 'Put of a record, synced', value: single, unit: 'ms' },
    { key: 'put_together_ms', label: 'Put of a record, 2,000 at once', value: together, unit: 'ms' },
  ];
}

async function readingFigures(spanMs: number): Promise<Figure[]> {
  const filled = await fillStore(CHECKS_FOR_A_DAY, spanMs);
  const hosts = Array.from({ length: 21 }, (_, index) => (index * 7) % CHECKS_FOR_A_DAY);
  const medianMs = await selectionMs(filled, hosts);
  await filled.end();
  const label = `Select ${spanMs / HOUR_MS} h of one series of ${CHECKS_FOR_A_DAY * SAMPLES_PER_CHECK}`;
  return [{ key: 'select_day_ms', label, value: medianMs, unit: 'ms' }];
}

function costFigures(key: string, name: string, cost: WritingCost): Figure[] {
  return [
    {
      key: `${key}_cpu_us_per_sample`,
      label: `CPU per sample, ${name}`,
      value: cost.cpuMicrosPerSample,
      unit: 'µs',
    },
    {
      key: `${key}_bytes_per_sample`,
      label: `Bytes per sample, ${name}`,
      value: cost.bytesPerSample,
      unit: 'B',
    },
    { key: `${key}_samples`, label: `Samples written, ${name}`, value: cost.samples, unit: '' },
  ];
}
