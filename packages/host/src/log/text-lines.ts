interface Line {
  readonly level: string;
  readonly time: string;
  readonly message: string;
}

/**
 * Turns JSON lines into lines for a person at a terminal: `12:00:01 warn  engine: message key=value`. Only for reading
 * along; programs read the JSON.
 */
export function textLines(write: (line: string) => void): (json: string) => void {
  return (json) => write(`${toText(json)}\n`);
}

function toText(json: string): string {
  const { level, time, message, ...fields } = JSON.parse(json) as Line & Readonly<Record<string, unknown>>;
  const { part, ...rest } = fields;
  const about = part === undefined ? '' : `${String(part)}: `;
  const facts = Object.entries(rest).map(([name, value]) => ` ${name}=${showFact(value)}`);
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${about}${message}${facts.join('')}`;
}

function showFact(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[^\s"]*$/.test(text) ? text : JSON.stringify(text);
}
