const SHOWN = '[secret]';
/** The same in every copy of this module: a plugin may have been installed with a core of its own. */
const BRAND = Symbol.for('labkeeper.secret');

/**
 * A text that cannot be shown by accident: printing, joining, logging, inspecting and JSON all give `[secret]`.
 * Made by the configuration loader for every `secretOption`. `instanceof` also knows those of another copy of core,
 * for otherwise the word `[secret]` would be sent in a header.
 */
export class Secret {
  readonly [BRAND] = true;
  readonly #text: string;

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Call it only where it leaves for its destination: a header, a URL, a handshake. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}

/** How a plugin tells of secrets that it learns at run time, such as a session token. */
export interface Secrets {
  /** From now on this text is replaced in every log line, event, API answer and error message. Returns the text unchanged. */
  protect(text: string): string;
}
