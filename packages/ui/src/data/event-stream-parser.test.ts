import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamParser } from './event-stream-parser.js';

const STREAM =
  'id: a-1\nevent: check\ndata: {"x":1}\n\n: ping\n\nevent: stats\r\ndata: one\r\ndata: two\r\n\r\ndata:bare\n\nevent: nothing\n\n';
const EVENTS = [
  { id: 'a-1', event: 'check', data: '{"x":1}' },
  { event: 'stats', data: 'one\ntwo' },
  { event: 'message', data: 'bare' },
];

describe('an event stream', () => {
  it('is read event by event; comments and events without data count for nothing', () => {
    expect(new EventStreamParser().push(STREAM)).toEqual(EVENTS);
  });

  it('is read the same wherever the network cuts it, also between CR and LF', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: STREAM.length - 1 }), { maxLength: 20 }), (cuts) => {
        const parser = new EventStreamParser();
        const marks = [0, ...[...new Set(cuts)].sort((a, b) => a - b), STREAM.length];
        const events = marks.slice(1).flatMap((mark, index) => parser.push(STREAM.slice(marks[index], mark)));
        expect(events).toEqual(EVENTS);
      }),
    );
  });
});
