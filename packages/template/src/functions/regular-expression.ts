import { RE2JS } from 're2js';

/** Compiled expressions that are remembered: a rule's template uses the same ones at every evaluation. */
const REMEMBERED = 200;
const remembered = new Map<string, RE2JS>();
/** `$1`, `$name`, `${name}` and `$$` in a replacement. As in Go, `$1x` is the group named `1x`, which there is none of. */
const REFERENCE = /\$(?:\$|(\w+)|\{(\w+)\})/g;

/** Whether the expression (RE2 syntax, not anchored) is found in the text. Throws for a broken expression. Linear time. */
export function matches(expression: string, text: string): boolean {
  return compile(expression).matcher(text).find();
}

/** Replaces every match, as Go's `regexp.ReplaceAllString` does. Throws for a broken expression. Linear time. */
export function replaceAll(expression: string, replacement: string, text: string): string {
  const matcher = compile(expression).matcher(text);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    const group = (name: string) => groupText(matcher, name);
    result += text.slice(end, matcher.start()) + expand(replacement, group);
    end = matcher.end();
  }
  return result + text.slice(end);
}

function expand(replacement: string, group: (name: string) => string): string {
  return replacement.replace(REFERENCE, (reference, bare?: string, braced?: string) =>
    reference === '$$' ? '$' : group(bare ?? braced ?? ''),
  );
}

function groupText(matcher: ReturnType<RE2JS['matcher']>, name: string): string {
  try {
    return (/^\d+$/.test(name) ? matcher.group(Number(name)) : matcher.group(name)) ?? '';
  } catch {
    // A group that the expression does not have is empty in Go.
    return '';
  }
}

function compile(expression: string): RE2JS {
  const known = remembered.get(expression);
  if (known) return known;
  const compiled = RE2JS.compile(expression);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(expression, compiled);
  return compiled;
}
