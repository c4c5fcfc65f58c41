import type { Series } from '@labkeeper/core';
import type { TextFormat } from '../text-format.js';
import { ExpositionReader } from './exposition-reader.js';
import type { FamilyLine, FamilyType } from './family-line.js';
import type { ExpositionLimits } from './limits.js';

/** What a text says of one family of metrics. */
export interface FamilyFacts {
  readonly type: FamilyType;
  readonly help: string;
  readonly unit: string;
}

/** A text as columns: row `i` is (`series[i]`, `timesMs[i]`, `values[i]`). Equal texts of series give the same object. */
export interface Exposition {
  readonly series: readonly Series[];
  readonly values: readonly number[];
  /** NaN where the text has no timestamp. */
  readonly timesMs: readonly number[];
  /** By the family's name, in the order of the text. */
  readonly families: ReadonlyMap<string, FamilyFacts>;
}

const NO_FACTS: FamilyFacts = { type: 'unknown', help: '', unit: '' };

/**
 * Reads one text as a whole. Throws an ExpositionFault with line and column. For a target that is read again and
 * again, keep an {@link ExpositionReader} instead.
 */
export function readExposition(
  body: string | Uint8Array,
  format: TextFormat,
  limits: ExpositionLimits = {},
): Exposition {
  const [series, values, timesMs]: [Series[], number[], number[]] = [[], [], []];
  const families = new Map<string, FamilyFacts>();
  new ExpositionReader({ make: (found) => found, limits }).read(body, format, {
    sample(found, value, timeMs) {
      series.push(found);
      values.push(value);
      timesMs.push(timeMs ?? Number.NaN);
    },
    family: (line) => {
      families.set(line.family, { ...(families.get(line.family) ?? NO_FACTS), ...factOf(line) });
    },
  });
  return { series, values, timesMs, families };
}

function factOf(line: FamilyLine): Partial<FamilyFacts> {
  switch (line.says) {
    case 'help':
      return { help: line.text };
    case 'type':
      return { type: line.type };
    case 'unit':
      return { unit: line.unit };
  }
}
