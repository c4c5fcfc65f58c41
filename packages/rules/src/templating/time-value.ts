import { showValue, TemplateStruct } from '@labkeeper/template';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Beyond this, Go's nanoseconds in 64 bits run over. */
const MAX_SECONDS = 2 ** 63 / 1e9;
/** The parts of Go's reference time, longest first. */
const LAYOUT_PART =
  /2006|January|Monday|Z07:00|-07:00|Z0700|-0700|[.,](?:0+|9+)(?!\d)|Jan|Mon|MST|_2|01|02|03|04|05|06|15|PM|pm|1|2|3|4|5/g;

/** Milliseconds of Unix seconds; undefined for NaN and infinities. Throws for a time that Go cannot hold. */
export function millisecondsOf(seconds: number): number | undefined {
  if (!Number.isFinite(seconds)) return undefined;
  if (Math.abs(seconds) >= MAX_SECONDS)
    throw new Error(
      `${showValue(seconds)} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  return Math.trunc(seconds * 1000);
}

/** As Go prints a time: `2015-03-18 21:53:16.5 +0000 UTC`. */
export function showTime(timeMs: number): string {
  return formatTime(timeMs, '2006-01-02 15:04:05.999 -0700 MST');
}

/** A time for templates, with the methods of Go's `time.Time` that messages use. Always UTC. */
export function timeValue(timeMs: number): TemplateStruct {
  const date = new Date(timeMs);
  const methods = {
    Format: (layout: string) => formatTime(timeMs, layout),
    Unix: () => BigInt(Math.floor(timeMs / 1000)),
    UnixMilli: () => BigInt(timeMs),
    Year: () => BigInt(date.getUTCFullYear()),
    Day: () => BigInt(date.getUTCDate()),
    Hour: () => BigInt(date.getUTCHours()),
    Minute: () => BigInt(date.getUTCMinutes()),
    Second: () => BigInt(date.getUTCSeconds()),
    Month: () => MONTHS[date.getUTCMonth()] ?? '',
    Weekday: () => DAYS[date.getUTCDay()] ?? '',
  };
  return new TemplateStruct('time.Time', methods, showTime(timeMs));
}

/** A time by a layout of Go: the layout is the time Mon Jan 2 15:04:05 MST 2006. https://pkg.go.dev/time#pkg-constants */
function formatTime(timeMs: number, layout: string): string {
  const parts = timeParts(new Date(timeMs));
  return layout.replace(LAYOUT_PART, (part) => parts[part] ?? fraction(part, timeMs));
}

function fraction(part: string, timeMs: number): string {
  const milliseconds = (((timeMs % 1000) + 1000) % 1000).toString().padStart(3, '0');
  const digits = milliseconds.padEnd(part.length - 1, '0').slice(0, part.length - 1);
  if (part.charAt(1) === '0') return part.charAt(0) + digits;
  const shortened = digits.replace(/0+$/, '');
  return shortened === '' ? '' : part.charAt(0) + shortened;
}

function timeParts(date: Date): Readonly<Record<string, string>> {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [month, day, hour] = [date.getUTCMonth(), date.getUTCDate(), date.getUTCHours()];
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const [monthName = '', dayName = ''] = [MONTHS[month], DAYS[date.getUTCDay()]];
  const year = date.getUTCFullYear();
  return {
    ...{ '2006': String(year).padStart(4, '0'), '06': two(year % 100) },
    ...{ January: monthName, Jan: monthName.slice(0, 3), '01': two(month + 1), '1': String(month + 1) },
    ...{ Monday: dayName, Mon: dayName.slice(0, 3) },
    ...{ '02': two(day), _2: String(day).padStart(2), '2': String(day) },
    ...{
      '15': two(hour),
      '03': two(hour12),
      '3': String(hour12),
      PM: hour < 12 ? 'AM' : 'PM',
      pm: hour < 12 ? 'am' : 'pm',
    },
    ...{ '04': two(date.getUTCMinutes()), '4': String(date.getUTCMinutes()) },
    ...{ '05': two(date.getUTCSeconds()), '5': String(date.getUTCSeconds()) },
    ...{ 'Z07:00': 'Z', Z0700: 'Z', '-07:00': '+00:00', '-0700': '+0000', MST: 'UTC' },
  };
}
