/** Keys of what raises alerts: `check/<name>`, `rule/<group>/<alertname>/<fingerprint>`, `pushed/<way>/<fingerprint>`. */
const RULE = 'rule/';
export const PUSHED = 'pushed/';

/** Key of one alert of a rule. */
export function ruleSource(group: string, alertname: string, fingerprint: string): string {
  return `${ruleGroupPrefix(group)}${escaped(alertname)}/${fingerprint}`;
}

/** How the keys of all alerts of a rule group begin. */
export function ruleGroupPrefix(group: string): string {
  return `${RULE}${escaped(group)}/`;
}

/** The group of a key; undefined when it is not one of a rule. */
export function ruleGroupOf(source: string): string | undefined {
  if (!source.startsWith(RULE)) return undefined;
  const end = source.indexOf('/', RULE.length);
  return unescaped(source.slice(RULE.length, end));
}

export function isOfRule(source: string): boolean {
  return source.startsWith(RULE);
}

export function pushedSource(way: string, fingerprint: string): string {
  return `${PUSHED}${escaped(way)}/${fingerprint}`;
}

export function isPushed(source: string): boolean {
  return source.startsWith(PUSHED);
}

/** Names of groups are paths of files: a slash in one must not look like the end of it. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('/', '%2F');
}

function unescaped(text: string): string {
  return text.replaceAll('%2F', '/').replaceAll('%25', '%');
}
