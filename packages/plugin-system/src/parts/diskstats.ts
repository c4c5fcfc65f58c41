import type { MetricDescription } from '@labkeeper/core';
import { statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

/** The kernel counts in sectors of this size, whatever the disk's own. */
const SECTOR_BYTES = 512;
const MS = 0.001;

/** The columns after the device name, in the order of `/proc/diskstats` (kernel: admin-guide/iostats). */
const COLUMNS: readonly {
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  factor: number;
  unit?: string;
}[] = [
  {
    name: 'node_disk_reads_completed_total',
    type: 'counter',
    help: 'The total number of reads completed successfully.',
    factor: 1,
  },
  {
    name: 'node_disk_reads_merged_total',
    type: 'counter',
    help: 'The total number of reads merged.',
    factor: 1,
  },
  {
    name: 'node_disk_read_bytes_total',
    type: 'counter',
    help: 'The total number of bytes read successfully.',
    factor: SECTOR_BYTES,
    unit: 'bytes',
  },
  {
    name: 'node_disk_read_time_seconds_total',
    type: 'counter',
    help: 'The total number of seconds spent by all reads.',
    factor: MS,
    unit: 'seconds',
  },
  {
    name: 'node_disk_writes_completed_total',
    type: 'counter',
    help: 'The total number of writes completed successfully.',
    factor: 1,
  },
  { name: 'node_disk_writes_merged_total', type: 'counter', help: 'The number of writes merged.', factor: 1 },
  {
    name: 'node_disk_written_bytes_total',
    type: 'counter',
    help: 'The total number of bytes written successfully.',
    factor: SECTOR_BYTES,
    unit: 'bytes',
  },
  {
    name: 'node_disk_write_time_seconds_total',
    type: 'counter',
    help: 'The total number of seconds spent by all writes.',
    factor: MS,
    unit: 'seconds',
  },
  { name: 'node_disk_io_now', type: 'gauge', help: 'The number of I/Os currently in progress.', factor: 1 },
  {
    name: 'node_disk_io_time_seconds_total',
    type: 'counter',
    help: 'Total seconds spent doing I/Os.',
    factor: MS,
    unit: 'seconds',
  },
  {
    name: 'node_disk_io_time_weighted_seconds_total',
    type: 'counter',
    help: 'The weighted number of seconds spent doing I/Os.',
    factor: MS,
    unit: 'seconds',
  },
  {
    name: 'node_disk_discards_completed_total',
    type: 'counter',
    help: 'The total number of discards completed successfully.',
    factor: 1,
  },
  {
    name: 'node_disk_discards_merged_total',
    type: 'counter',
    help: 'The total number of discards merged.',
    factor: 1,
  },
  {
    name: 'node_disk_discarded_sectors_total',
    type: 'counter',
    help: 'The total number of sectors discarded successfully.',
    factor: 1,
  },
  {
    name: 'node_disk_discard_time_seconds_total',
    type: 'counter',
    help: 'The total number of seconds spent by all discards.',
    factor: MS,
    unit: 'seconds',
  },
  {
    name: 'node_disk_flush_requests_total',
    type: 'counter',
    help: 'The total number of flush requests completed successfully.',
    factor: 1,
  },
  {
    name: 'node_disk_flush_requests_time_seconds_total',
    type: 'counter',
    help: 'The total number of seconds spent by all flush requests.',
    factor: MS,
    unit: 'seconds',
  },
];

/** `/proc/diskstats`. */
export const diskstats = statelessPart({
  name: 'diskstats',
  metrics: COLUMNS.map(({ factor, ...column }): MetricDescription => ({ ...column, labels: ['device'] })),
  read({ files, options, labels }, report) {
    const excluded = new RegExp(options.exclude_disks);
    for (const line of lines(files.proc('diskstats'))) {
      const [, , device = '', ...values] = words(line);
      if (excluded.test(device)) continue;
      // Older kernels have fewer columns; those that are missing are not reported.
      values.slice(0, COLUMNS.length).forEach((value, index) => {
        const column = COLUMNS[index];
        if (column) report(column.name, Number(value) * column.factor, labels.of(['device'], device));
      });
    }
  },
});
