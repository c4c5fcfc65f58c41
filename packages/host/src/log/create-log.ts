import type { Clock, LogFields, Logger } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import { type Level, type Logger as Pino, pino } from 'pino';
import { RepeatThrottle } from './repeat-throttle.js';
import { textLines } from './text-lines.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogParts {
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Gets whole lines with their newline. */
  readonly write: (line: string) => void;
  readonly format: LogFormat;
  readonly level: LogLevel;
}

export type LogFormat = 'json' | 'text';

/** The log of the whole process. Level and form follow the configuration, which is read when the log exists already. */
export interface HostLog extends Logger {
  setLevel(level: LogLevel): void;
  setFormat(format: LogFormat): void;
}

/**
 * Makes the log. Redaction cannot be forgotten by a caller: message and fields are redacted here before they are written,
 * and the finished line once more, which also catches what a `toJSON` put together.
 */
export function createLog(parts: LogParts): HostLog {
  const { redactor, clock, write, level } = parts;
  const sinks = { json: write, text: textLines(write) };
  const form = { now: parts.format };
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => sinks[form.now](redactor.redact(line)) },
  );
  return new RedactingLog(root, redactor, new RepeatThrottle(clock), form);
}

class RedactingLog implements HostLog {
  readonly #pino: Pino;
  readonly #redactor: Redactor;
  readonly #throttle: RepeatThrottle;
  /** Tells equal messages of different parts apart. */
  readonly #origin: string;

  readonly #form: { now: LogFormat };

  constructor(root: Pino, redactor: Redactor, throttle: RepeatThrottle, form: { now: LogFormat }) {
    this.#pino = root;
    this.#redactor = redactor;
    this.#throttle = throttle;
    this.#form = form;
    this.#origin = JSON.stringify(root.bindings());
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(fields: LogFields): Logger {
    return new RedactingLog(this.#pino.child(this.#safe(fields)), this.#redactor, this.#throttle, this.#form);
  }

  setLevel(level: LogLevel): void {
    this.#pino.level = level;
  }

  setFormat(format: LogFormat): void {
    this.#form.now = format;
  }

  #write(level: Level, message: string, fields: LogFields = {}): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    const text = this.#redactor.redact(message);
    const line = `${level} ${this.#origin} ${text}`;
    const summarize = (held: number) => this.#pino[level]({ repeated: held }, text);
    if (this.#throttle.admit(line, summarize)) this.#pino[level](this.#safe(fields), text);
  }

  #safe(fields: LogFields): Record<string, unknown> {
    return this.#redactor.redactValue(fields) as Record<string, unknown>;
  }
}
