import { optionsObject, type Static, Type } from '@labkeeper/core';
import { mapOf, nullable, shape, time } from '../schemas/shape.js';
import type { ServerHistory } from './server-history.js';
import { asNullable, endOfBins, type TimeBins, timestampsOf } from './time-bins.js';

const column = (description: string) => Type.Array(nullable(Type.Number()), { description });

/** The span and steps of a history; stands at the beginning of each. */
export const spanFields = {
  from: time(),
  to: time(),
  step_seconds: Type.Integer(),
  timestamps: Type.Array(Type.Number(), {
    description: 'Beginning of each step, in seconds since the epoch.',
  }),
};

/** The query of a history. */
export const spanQuery = optionsObject({
  from: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'A time (ISO 8601 with zone) or how long ago. Default: 24 hours before `to`.',
      examples: ['-24h'],
    }),
  ),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'Default: now.', examples: ['now'] })),
  step: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 31 * 86_400,
      description: 'Seconds. Default: what gives about 300 points.',
    }),
  ),
});

export const historyShape = shape('MetricsHistory', {
  server_id: Type.String(),
  ...spanFields,
  series: shape('MetricsSeries', {
    cpu_percent: column('Null where nothing was measured.'),
    memory_percent: column('Memory that is not available to programs.'),
    disk_percent: column('Of the root file system, or of the fullest where there is no root.'),
    load_1m: column('Load average of one minute.'),
    network_rx_bytes_per_second: column('All physical devices together.'),
    network_tx_bytes_per_second: column('All physical devices together.'),
  }),
  disks: mapOf(Type.Array(nullable(Type.Number())), { description: 'Percent used, by mount point.' }),
});

export type HistoryView = Static<typeof historyShape>;

/** The same fields for any history. */
export function spanView(bins: TimeBins): Pick<HistoryView, keyof typeof spanFields> {
  return {
    from: new Date(bins.fromMs).toISOString(),
    to: new Date(endOfBins(bins)).toISOString(),
    step_seconds: bins.stepMs / 1_000,
    timestamps: timestampsOf(bins),
  };
}

export function historyView(serverId: string, bins: TimeBins, history: ServerHistory): HistoryView {
  return {
    server_id: serverId,
    ...spanView(bins),
    series: {
      cpu_percent: asNullable(history.cpuPercent, 1),
      memory_percent: asNullable(history.memoryPercent, 1),
      disk_percent: asNullable(history.diskPercent, 1),
      load_1m: asNullable(history.load1m, 2),
      network_rx_bytes_per_second: asNullable(history.receivedPerSecond, 0),
      network_tx_bytes_per_second: asNullable(history.transmittedPerSecond, 0),
    },
    disks: Object.fromEntries(
      [...history.disks].map(([mountpoint, percent]) => [mountpoint, asNullable(percent, 1)]),
    ),
  };
}
