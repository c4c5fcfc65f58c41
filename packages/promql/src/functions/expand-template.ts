/** One piece of a replacement: text as it is, or what a group of the expression caught. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly group: number | string };

/** `$$`, `${name}`, `$name`, or a `$` alone; a name is as long as it can be. */
const VARIABLE = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))?/gu;

/** Without leading zeros; anything else is looked up as a name. */
const GROUP_NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;

/**
 * The replacement of label_replace in pieces, by the rules of Go's regexp.Expand: `$1x` is the group `1x`, `${1}x` is not; `$$` is a `$`;
 * a `$` before anything else stands for itself. Source: https://pkg.go.dev/regexp#Regexp.Expand. Once per expression.
 */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let done = 0;
  for (const match of template.matchAll(VARIABLE)) {
    parts.push({ kind: 'text', text: template.slice(done, match.index) });
    const name = match[2] ?? match[3];
    parts.push(name === undefined ? { kind: 'text', text: '$' } : { kind: 'group', group: groupOf(name) });
    done = match.index + match[0].length;
  }
  parts.push({ kind: 'text', text: template.slice(done) });
  return parts;
}

function groupOf(name: string): number | string {
  return GROUP_NUMBER.test(name) ? Number(name) : name;
}

/** The text out of {@link parseTemplate}'s pieces; `caught` gives a group's text, empty for a group that is not there or caught nothing. */
export function expandTemplate(
  parts: readonly TemplatePart[],
  caught: (group: number | string) => string,
): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : caught(part.group))).join('');
}
