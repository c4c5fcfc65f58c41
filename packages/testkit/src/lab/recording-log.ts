import type { LogFields, Logger } from '@labkeeper/core';

/** One line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines, for tests to read. */
export interface RecordingLog extends Logger {
  readonly lines: readonly LogLine[];
}

/** Makes a log whose children write into the same list. */
export function recordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  return withFields(lines, {});
}

function withFields(lines: LogLine[], common: LogFields): RecordingLog {
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields: { ...common, ...fields } });
    };
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => withFields(lines, { ...common, ...fields }),
  };
}
