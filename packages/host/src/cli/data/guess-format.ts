/** Formats that an import reads. */
export const IMPORT_FORMATS = ['openmetrics', 'prometheus-text', 'compact'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Seconds reach this number in the year 5138; milliseconds have passed it in 1973. */
const LARGEST_SECONDS = 1e11;

/** Words that only one of the two text formats has. */
const OPEN_METRICS = /^# (EOF$|UNIT |TYPE \S+ (unknown|info|stateset|gaugehistogram)$)/m;
const PROMETHEUS_TEXT = /^# TYPE \S+ untyped$/m;
const TIME = /^-?\d+(\.\d+)?$/;

/** The format of a file that begins with these bytes; undefined when they do not tell. */
export function guessFormat(beginning: Uint8Array, compactMagic: Uint8Array): ImportFormat | undefined {
  if (compactMagic.every((byte, index) => beginning[index] === byte)) return 'compact';
  const text = Buffer.from(beginning).toString('utf8');
  if (text.includes('\0')) return undefined;
  if (OPEN_METRICS.test(text)) return 'openmetrics';
  if (PROMETHEUS_TEXT.test(text)) return 'prometheus-text';
  const time = firstTime(text);
  if (time === undefined) return undefined;
  return time.includes('.') || Math.abs(Number(time)) < LARGEST_SECONDS ? 'openmetrics' : 'prometheus-text';
}

/** The first time behind a value. The last line may be cut off within its time. */
function firstTime(text: string): string | undefined {
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('#')) continue;
    const [sample = ''] = line.split(' # ');
    const [value = '', time = ''] = sample.trim().split(/\s+/).slice(-2);
    if (TIME.test(time) && !Number.isNaN(Number(value))) return time;
  }
  return undefined;
}
