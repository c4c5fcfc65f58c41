import type { Matcher } from 're2js';

/** `$$`, `${name}` or `$name`. */
const REFERENCE = /\$(?:\$|\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/g;
const NUMBER = /^[0-9]+$/;

/**
 * Puts what the groups matched into a template, as Go's `Regexp.Expand` does: `$1`, `${1}`, `${name}`, `$$` for a dollar.
 * A group that does not exist, or took no part, is empty. A name is as long as it can be: `$1x` is the group `1x`.
 */
export function expandTemplate(template: string, match: Matcher): string {
  if (!template.includes('$')) return template;
  return template.replace(REFERENCE, (whole, braced: string | undefined, bare: string | undefined) =>
    whole === '$$' ? '$' : groupText(match, braced ?? bare ?? ''),
  );
}

function groupText(match: Matcher, reference: string): string {
  if (!NUMBER.test(reference)) return namedGroup(match, reference);
  const index = Number(reference);
  return index <= match.groupCount() ? (match.group(index) ?? '') : '';
}

function namedGroup(match: Matcher, name: string): string {
  try {
    return match.group(name) ?? '';
  } catch {
    // The library throws for a name that the expression does not have.
    return '';
  }
}
