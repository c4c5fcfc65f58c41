/** One server-sent event. */
export interface StreamEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Parses a stream of server-sent events (HTML standard, 9.2.6) piece by piece; pieces may end anywhere, also between
 * CR and LF. Comments count for nothing here.
 */
export class EventStreamParser {
  #rest = '';
  #event = '';
  #id: string | undefined;
  #data: string[] = [];

  /** The events that the piece completes. */
  push(piece: string): StreamEvent[] {
    const text = this.#rest + piece;
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): StreamEvent | undefined {
    if (line === '') return this.#complete();
    const colon = line.indexOf(':');
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    if (field === 'id') this.#id = value;
    return undefined;
  }

  #complete(): StreamEvent | undefined {
    const [event, data, id] = [this.#event || 'message', this.#data, this.#id];
    [this.#event, this.#data, this.#id] = ['', [], undefined];
    if (data.length === 0) return undefined;
    return { event, data: data.join('\n'), ...(id === undefined ? {} : { id }) };
  }
}
