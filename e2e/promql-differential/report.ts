import type { Asked } from './answer.js';
import { KNOWN_DIFFERENCES, NOT_ASKED } from './known-differences.js';
import type { Difference, Outcome } from './run.js';

/** What a run found, for people: each difference, then the counts. */
export function report(seed: number, outcome: Outcome): string {
  const known = KNOWN_DIFFERENCES.map(
    ({ name, reason }) => `  ${outcome.known.get(name) ?? 0} × ${name}: ${reason}`,
  );
  const { expressions, comparisons, refused, empty, differences } = outcome;
  return [
    ...differences.map(differenceText),
    'Known differences between Prometheus 2.42 and 3 that were met:',
    ...known,
    'Known differences that are not asked about:',
    ...NOT_ASKED.map((text) => `  ${text}`),
    `seed ${seed}: ${expressions} expressions, ${comparisons} comparisons (${refused} refused by both, ${empty} empty), ` +
      `${differences.length} differences`,
  ].join('\n');
}

function differenceText({ asked, what, smallest, smallestWhat }: Difference): string {
  const whole = `DIFFERENT ${askedText(asked)}\n  ${what}`;
  return smallest.text === asked.text ? whole : `${whole}\n  smallest: ${smallest.text}\n  ${smallestWhat}`;
}

function askedText({ text, fromMs, toMs, stepMs }: Asked): string {
  return stepMs === 0 ? `at ${fromMs}: ${text}` : `from ${fromMs} to ${toMs} in steps of ${stepMs}: ${text}`;
}
