import type { LogFields, Logger } from '@labkeeper/core';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines. The one of the testkit is out of reach: this package depends on nothing but core. */
export interface RecordingLog extends Logger {
  readonly lines: readonly LogLine[];
  /** Messages of one level. */
  messages(level: LogLine['level']): readonly string[];
}

export function recordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const loggerWith = (own: LogFields): Logger => {
    const at =
      (level: LogLine['level']) =>
      (message: string, fields: LogFields = {}) =>
        void lines.push({ level, message, fields: { ...own, ...fields } });
    return {
      ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
      child: (fields) => loggerWith({ ...own, ...fields }),
    };
  };
  const messages = (level: LogLine['level']) =>
    lines.filter((line) => line.level === level).map(({ message }) => message);
  return { ...loggerWith({}), lines, messages };
}
