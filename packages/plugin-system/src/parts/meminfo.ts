import type { MetricDescription } from '@labkeeper/core';
import { statelessPart } from '../part.js';
import { lines, words } from '../system-files.js';

/** Fields of `/proc/meminfo` that kernels of the last ten years have. Others are left out until they have a description here. */
const FIELDS = [
  'MemTotal',
  'MemFree',
  'MemAvailable',
  'Buffers',
  'Cached',
  'SwapCached',
  'Active',
  'Inactive',
  'Active(anon)',
  'Inactive(anon)',
  'Active(file)',
  'Inactive(file)',
  'Unevictable',
  'Mlocked',
  'HighTotal',
  'HighFree',
  'LowTotal',
  'LowFree',
  'SwapTotal',
  'SwapFree',
  'Zswap',
  'Zswapped',
  'Dirty',
  'Writeback',
  'AnonPages',
  'Mapped',
  'Shmem',
  'KReclaimable',
  'Slab',
  'SReclaimable',
  'SUnreclaim',
  'KernelStack',
  'ShadowCallStack',
  'PageTables',
  'SecPageTables',
  'NFS_Unstable',
  'Bounce',
  'WritebackTmp',
  'CommitLimit',
  'Committed_AS',
  'VmallocTotal',
  'VmallocUsed',
  'VmallocChunk',
  'Percpu',
  'HardwareCorrupted',
  'AnonHugePages',
  'ShmemHugePages',
  'ShmemPmdMapped',
  'FileHugePages',
  'FilePmdMapped',
  'CmaTotal',
  'CmaFree',
  'Unaccepted',
  'Balloon',
  'Hugepagesize',
  'Hugetlb',
  'DirectMap4k',
  'DirectMap2M',
  'DirectMap4M',
  'DirectMap1G',
] as const;
/** Fields that count pages instead of kilobytes. */
const COUNTS = ['HugePages_Total', 'HugePages_Free', 'HugePages_Rsvd', 'HugePages_Surp'] as const;

/** `Active(anon)` → `node_memory_Active_anon_bytes`, as node_exporter writes it. */
function metricName(field: string, unit: 'bytes' | 'count'): string {
  const base = `node_memory_${field.replace('(', '_').replace(')', '')}`;
  return unit === 'bytes' ? `${base}_bytes` : base;
}

const METRIC_OF_FIELD = new Map<string, string>([
  ...FIELDS.map((field) => [field, metricName(field, 'bytes')] as const),
  ...COUNTS.map((field) => [field, metricName(field, 'count')] as const),
]);

/** `/proc/meminfo`. */
export const meminfo = statelessPart({
  name: 'meminfo',
  metrics: [...METRIC_OF_FIELD].map(
    ([field, name]): MetricDescription => ({
      name,
      type: 'gauge',
      help: `Memory information field ${field}.`,
      ...(name.endsWith('_bytes') ? { unit: 'bytes' } : {}),
    }),
  ),
  read({ files }, report) {
    for (const line of lines(files.proc('meminfo'))) {
      const [field = '', value, unit] = words(line);
      const metric = METRIC_OF_FIELD.get(field.replace(':', ''));
      if (metric) report(metric, Number(value) * (unit === 'kB' ? 1024 : 1));
    }
  },
});
