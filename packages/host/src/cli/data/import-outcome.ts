import type { AppendOutcome } from '@labkeeper/core';
import { counted } from './counted.js';

/** What an import came to, whatever the format. */
export interface Outcome extends AppendOutcome {
  /** Samples that were read. */
  readonly samples: number;
  /** Lines or frames that could not be read. */
  readonly faulty: number;
  /** The first of them: place and what is wrong. */
  readonly faults: readonly string[];
  readonly isComplete: boolean;
}

/** The part of the report on a text that is told. */
interface TextReport extends Omit<Outcome, 'faults'> {
  readonly faults: readonly {
    readonly line: number;
    readonly column: number;
    readonly found: string;
    readonly says: string;
  }[];
}

/** The part of the report on a compact file that is told. */
interface CompactReport extends Omit<Outcome, 'faults' | 'faulty'> {
  readonly damaged: number;
  readonly faults: readonly { readonly offset: number; readonly says: string }[];
}

export function ofText({ faults, ...report }: TextReport): Outcome {
  const told = faults.map(({ line, column, found, says }) => {
    const at = found === '' ? '' : `: ${JSON.stringify(found)}`;
    return `${line}:${column}  ${says}${at}`;
  });
  return { ...report, faults: told };
}

export function ofCompact({ faults, damaged, ...report }: CompactReport): Outcome {
  return { ...report, faulty: damaged, faults: faults.map(({ offset, says }) => `byte ${offset}  ${says}`) };
}

/** What the person at the command line reads. */
export function outcomeText(format: string, outcome: Outcome): string {
  const { samples, kept, conflicting, tooOld, faulty, faults, isComplete } = outcome;
  const known = samples - kept - conflicting - tooOld;
  const unit = format === 'compact' ? 'frame' : 'line';
  const lines = [
    `${counted(samples, 'sample')} read as ${format}: ${counted(kept, 'kept', 'kept')}, ${counted(known, 'known', 'known')} already.`,
    ...(conflicting > 0
      ? [`${counted(conflicting, 'sample')} refused: another value is there for that time.`]
      : []),
    ...(tooOld > 0 ? [`${counted(tooOld, 'sample')} refused: too old.`] : []),
    ...(faulty > 0 ? [`${counted(faulty, `faulty ${unit}`)} skipped.`] : []),
    ...faults.map((fault) => `  ${fault}`),
    ...(faulty > faults.length ? ['  …'] : []),
    ...(isComplete ? [] : ['The file is not complete: it was cut off or damaged.']),
  ];
  return `${lines.join('\n')}\n`;
}
