import type { Part } from './part.js';
import { cpu } from './parts/cpu.js';
import { diskstats } from './parts/diskstats.js';
import { filefd } from './parts/filefd.js';
import { filesystem } from './parts/filesystem.js';
import { loadavg } from './parts/loadavg.js';
import { meminfo } from './parts/meminfo.js';
import { netclass } from './parts/netclass.js';
import { netdev } from './parts/netdev.js';
import { netstat } from './parts/netstat.js';
import { os } from './parts/os.js';
import { pressure } from './parts/pressure.js';
import { sockstat } from './parts/sockstat.js';
import { stat } from './parts/stat.js';
import { temperature } from './parts/temperature.js';
import { vmstat } from './parts/vmstat.js';

/** What one collection reads, in this order. */
export const ALL_PARTS: readonly Part[] = [
  cpu,
  stat,
  loadavg,
  meminfo,
  filesystem,
  diskstats,
  netdev,
  netclass,
  os,
  vmstat,
  netstat,
  sockstat,
  pressure,
  filefd,
  temperature,
];
