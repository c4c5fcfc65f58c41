import { describe, expect, it } from 'vitest';
import { compileJsonPath } from './json-path.js';

const DOCUMENT = {
  status: 'ok',
  items: [
    { id: 1, up: true },
    { id: 2, up: false },
  ],
  'odd key': null,
};

describe('compileJsonPath', () => {
  it.each([
    ['$.status', ['ok']],
    ['$.items[1].id', [2]],
    ['$.items[*].id', [1, 2]],
    ["$['odd key']", [null]],
    ['$.items[?@.up == false].id', [2]],
    ['$.missing.deeper', []],
  ])('selects %s', (path, values) => {
    expect(compileJsonPath(path)(DOCUMENT)).toEqual(values);
  });

  it.each(['status', '$.items[', '$..', ''])("refuses '%s' and says what is wrong", (path) => {
    expect(() => compileJsonPath(path)).toThrow(`'${path}' is not a JSON path: `);
  });

  it('has no regular expressions, which a page could make run for minutes', () => {
    expect(() => compileJsonPath("$.items[?match(@.id, '(a+)+')]")).toThrow('is not a JSON path');
  });

  it('finds nothing in a document that is no object', () => {
    expect(compileJsonPath('$.status')('text')).toEqual([]);
    expect(compileJsonPath('$')(null)).toEqual([null]);
  });
});
