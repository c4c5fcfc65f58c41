import { type Clock, LabkeeperError, type Matcher, type StorageForReading } from '@labkeeper/core';
import { type StorageOptions, withConfiguredStorage, withStoreForReading } from '../configured-storage.js';
import { explainingErrors } from '../end-of-command.js';
import { counted } from './counted.js';
import { parseSelector } from './parse-selector.js';
import { parseTime } from './parse-time.js';
import { selectedSamples, spanOf } from './selected-samples.js';
import { STANDARD_STREAM, writeWholeFile } from './whole-file.js';

export interface ExportOptions extends StorageOptions {
  readonly format: 'openmetrics' | 'compact';
  readonly match?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/** Which samples were asked for. A bound that is not given is that of the store. */
interface Wanted {
  readonly selectors: readonly (readonly Matcher[])[];
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

/** `labkeeper data export FILE`: samples as a file, also while Labkeeper runs. */
export function exportData(file: string, options: ExportOptions): Promise<void> {
  return explainingErrors(() =>
    withConfiguredStorage(options, async (storage) => {
      const wanted = readWanted(options, storage.context.clock);
      await withStoreForReading(storage, (store) =>
        exportFrom(store, wanted, { file, format: options.format }),
      );
    }),
  );
}

function readWanted({ match = [], from, to }: ExportOptions, clock: Clock): Wanted {
  const nowMs = clock.now();
  const fromMs = from === undefined ? undefined : parseTime(from, nowMs);
  const toMs = to === undefined ? undefined : parseTime(to, nowMs);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw new LabkeeperError('TIME_INVALID', `--to ${to} is before --from ${from}`);
  return { selectors: match.map(parseSelector), fromMs, toMs };
}

async function exportFrom(
  { samples }: StorageForReading,
  { selectors, fromMs, toMs }: Wanted,
  { file, format }: { readonly file: string; readonly format: ExportOptions['format'] },
): Promise<void> {
  const { exportCompact, exportOpenMetrics } = await import('@labkeeper/tsdb');
  const there = (await spanOf(samples)) ?? { fromMs: 0, toMs: 0 };
  const span = {
    matchers: [],
    // Stretches without samples would be asked for, too.
    fromMs: Math.max(fromMs ?? there.fromMs, there.fromMs),
    toMs: Math.min(toMs ?? there.toMs, there.toMs),
  };
  const source = selectedSamples(samples, selectors);
  const pieces = format === 'compact' ? exportCompact(source, span) : exportOpenMetrics(source, span);
  await writeWholeFile(file, pieces);
  tell(file, pieces.report);
}

function tell(
  file: string,
  {
    series,
    samples,
    leftOut,
  }: { readonly series: number; readonly samples: number; readonly leftOut: number },
): void {
  const lines = [`${counted(samples, 'sample')} of ${counted(series, 'series', 'series')} exported.`];
  if (leftOut > 0) lines.push(`${counted(leftOut, 'sample')} left out: OpenMetrics cannot express them.`);
  const stream = file === STANDARD_STREAM ? process.stderr : process.stdout;
  stream.write(`${lines.join('\n')}\n`);
}
