/** What a client may ask for. A `removed` belongs to the topic of its kind; `reset` goes to everybody. */
export const TOPICS = ['checks', 'alerts', 'servers', 'stats'] as const;
export type Topic = (typeof TOPICS)[number];

/** One change as it goes out: the same text for every client. */
export interface Delta {
  /** Counts up by one; the second half of the event's id. */
  readonly number: number;
  readonly topic: Topic;
  /** The event in the format of server-sent events, with its id. */
  readonly frame: string;
}

/** An event's id. A client that comes back sends the last one it has seen. */
export function eventId(bootId: string, number: number): string {
  return `${bootId}-${number}`;
}

/** The number in an id of this process, or undefined for one of another or for no id at all. */
export function numberOfId(bootId: string, id: string | undefined): number | undefined {
  const digits = id?.startsWith(`${bootId}-`) ? id.slice(bootId.length + 1) : '';
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** An event in the format of server-sent events. JSON has no line breaks of its own, so one data line suffices. */
export function frameOf(id: string, event: string, json: string): string {
  return `id: ${id}\nevent: ${event}\ndata: ${json}\n\n`;
}
