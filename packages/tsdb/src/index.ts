export type { TextFormat } from '@labkeeper/exposition';
export { decodeChunk, encodeChunk } from './chunk.js';
export type { Column } from './column.js';
export { ROLLUP_STEPS_MS } from './compact/settle-series.js';
export { INLINE_SETTLER, newSettler, type Settler } from './compact/settler.js';
export { MAGIC as COMPACT_MAGIC } from './exchange/compact-frame.js';
export { exportCompact } from './exchange/export-compact.js';
export { exportOpenMetrics } from './exchange/export-open-metrics.js';
export { type CompactFault, type CompactImportReport, importCompact } from './exchange/import-compact.js';
export { importOpenMetrics, type TextImportReport } from './exchange/import-open-metrics.js';
export type { TextFault } from './exchange/line-fault.js';
export type {
  ExportedSpan,
  ExportReport,
  SampleExport,
  SampleSource,
  SampleTarget,
} from './exchange/sample-ports.js';
export { FileMedium } from './journal/file-medium.js';
export type { FoundSegment, JournalMedium } from './journal/journal-medium.js';
export type { RetentionRules } from './life/retention.js';
export type {
  ChunkStore,
  NewPack,
  NumberedSeries,
  PackInfo,
  SealedSegments,
  StoreChange,
  StoredDirectory,
} from './packs/chunk-store.js';
export { TSDB_RULES, Tsdb, type TsdbParts, type TsdbRules } from './tsdb.js';
