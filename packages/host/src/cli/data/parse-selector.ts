import { LabkeeperError, type Matcher } from '@labkeeper/core';
import { PromqlError, parseSelector as parsePromqlSelector } from '@labkeeper/promql';

/** Where Prometheus' messages begin: `1:5: parse error: `. */
const PREFIX = /^\d+:\d+: parse error: /;

/**
 * Reads a selector of series as Prometheus writes them: `name`, `name{label="value",other=~"expression"}` or `{…}`.
 * Throws SELECTOR_INVALID with the column where reading stopped.
 */
export function parseSelector(text: string): readonly Matcher[] {
  try {
    return parsePromqlSelector(text);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    const { message, place = { start: 0, end: text.length } } = error;
    const found = text.slice(place.start, Math.max(place.end, place.start + 1)).slice(0, 20) || 'the end';
    const says = message.replace(PREFIX, '');
    throw new LabkeeperError('SELECTOR_INVALID', `'${text}', column ${place.start + 1}: ${says}`, { found });
  }
}
