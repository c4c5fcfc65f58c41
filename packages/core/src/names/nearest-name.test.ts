import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

describe('the nearest name', () => {
  it.each([
    ['expct', 'expect'],
    ['tiemout', 'timeout'],
    ['URL', 'url'],
    ['evry', 'every'],
    ['depend_on', 'depends_on'],
    ['htpp', 'http'],
  ])('of %s is %s', (found, nearest) => {
    expect(nearestName(found, ['expect', 'timeout', 'url', 'every', 'depends_on', 'http', 'name'])).toBe(
      nearest,
    );
  });

  it('is none when nothing is close', () => {
    expect(nearestName('colour', ['url', 'timeout', 'every'])).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });
});
