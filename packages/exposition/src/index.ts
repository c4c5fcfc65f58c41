export { contentTypeOf, formatOf, negotiateFormat, SCRAPE_ACCEPT } from './media-types.js';
// For readers of files that are larger than memory: line by line, with lines that cannot be read passed over.
export { HASH, skipBlanks } from './read/characters.js';
export { ExpositionFault } from './read/exposition-fault.js';
export {
  ExpositionReader,
  type ExpositionReaderSetup,
  type ExpositionVisitor,
} from './read/exposition-reader.js';
export type { FamilyLine, FamilyType } from './read/family-line.js';
export { type ExpositionLimits, exceededLabelLimit, type LabelLimits } from './read/limits.js';
export { LineFault, type LinePlace, placeIn } from './read/line-fault.js';
export { type Exposition, type FamilyFacts, readExposition } from './read/read-exposition.js';
export { SampleReader, type SampleReaderSetup } from './read/sample-reader.js';
export { SeriesReader, type SeriesReaderSetup } from './read/series-reader.js';
export { END_MARK, type TextFormat } from './text-format.js';
export { secondsText, seriesText, valueText } from './write/sample-text.js';
export { type ExposedFamily, type ExposedSample, writeExposition } from './write/write-exposition.js';
