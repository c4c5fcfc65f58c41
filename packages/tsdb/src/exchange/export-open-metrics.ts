import { isLabelName, isStalenessMark, type SeriesSamples } from '@labkeeper/core';
import { END_MARK, secondsText, seriesText, valueText } from '@labkeeper/exposition';
import { type ExportTally, tallied } from './export-tally.js';
import type { ExportedSpan, SampleExport, SampleSource } from './sample-ports.js';
import { STRIDE, type Stride, walkSeries } from './series-walk.js';

/** Characters of a piece: large enough that writing it costs nothing beside making it. */
const PIECE_LENGTH = 65_536;

/**
 * Samples as OpenMetrics 1.0 text, in pieces of some 64 KB. Values read back bit for bit, but for the payload of a NaN.
 * Staleness marks and series with labels that the format does not know are left out and counted.
 * Give a span that has samples: stretches without any are asked for, too.
 */
export function exportOpenMetrics(
  source: SampleSource,
  span: ExportedSpan,
  stride: Stride = STRIDE,
): SampleExport<string> {
  return tallied((tally) => writeText(walkSeries(source, span, stride), tally));
}

async function* writeText(found: AsyncIterable<SeriesSamples>, tally: ExportTally): AsyncGenerator<string> {
  let [text, family] = ['', ''];
  for await (const samples of found) {
    const { name, labels } = samples.series;
    const head = `${seriesText(name, labels)} `;
    for (const lines of writeLines(head, samples, tally)) {
      // The type is `unknown` because only then is the name of the family also that of its samples: a counter
      // `requests` would need samples `requests_total`, and what the store has are names of samples.
      if (name !== family) text += `# TYPE ${name} unknown\n`;
      family = name;
      text += lines;
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}${END_MARK}\n`;
}

/** The lines of one piece of a series, some at a time: a piece may have millions. */
function* writeLines(head: string, samples: SeriesSamples, tally: ExportTally): Generator<string> {
  const { series, timesMs, values } = samples;
  if (!Object.keys(series.labels).every(isLabelName)) {
    tally.leftOut += timesMs.length;
    return;
  }
  let [lines, written] = ['', 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (isStalenessMark(value)) continue;
    lines += `${head}${valueText(value)} ${secondsText(timesMs[row] as number)}\n`;
    written += 1;
    if (lines.length < PIECE_LENGTH) continue;
    yield lines;
    lines = '';
  }
  tally.leftOut += values.length - written;
  tally.wrote(series, written);
  if (lines !== '') yield lines;
}
