/** What the kernel and the disk write at once. After each sync the journal goes on with a new page, so that what is safe is never written again. */
export const PAGE_BYTES = 4_096;

/** Of each frame: the length of its payload, and a checksum of that and of the segment's number, 32 bits each. */
export const FRAME_HEADER_BYTES = 8;

/**
 * Bytes after which a new segment begins. Segments go as a whole, some hours after they were written; and each names its
 * series anew, which at 2 MB is a few percent.
 */
export const SEGMENT_BYTES = 2 * 1024 * 1024;
