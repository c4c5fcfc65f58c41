/** Facts that go with a log line, by name. Values are redacted before they are written. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log of one plugin or part; each line carries its name. Lines that repeat quickly are throttled. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line carries these fields too. */
  child(fields: LogFields): Logger;
}
