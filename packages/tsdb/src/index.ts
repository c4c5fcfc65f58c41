export { type Column, decodeChunk, encodeChunk } from './chunk.js';
