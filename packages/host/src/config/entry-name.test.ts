import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slug } from './entry-name.js';

describe('the id made from a name', () => {
  it.each([
    ['nextcloud', 'nextcloud'],
    ['My Cloud (main)', 'my-cloud-main'],
    ['Büro', 'buro'],
    ['  --x--  ', 'x'],
    ['a/b:c', 'a-b-c'],
  ])('%s is %s', (name, id) => {
    expect(slug(name, 'http')).toBe(id);
  });

  it('of a name in another script is the same at every start', () => {
    expect(slug('日本語', 'http')).toMatch(/^http-[0-9a-f]{8}$/);
    expect(slug('日本語', 'http')).toBe(slug('日本語', 'http'));
    expect(slug('日本語', 'http')).not.toBe(slug('한국어', 'http'));
  });

  it('has the form of an id, whatever the name, and stays when it is made again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const id = slug(name, 'http');
        expect(id).toMatch(/^[a-z0-9][a-z0-9._-]*$/);
        expect(slug(id, 'http')).toBe(id);
      }),
    );
  });
});
