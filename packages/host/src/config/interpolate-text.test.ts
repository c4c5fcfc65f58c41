import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolateText, type Reference } from './interpolate-text.js';

/** What a person writes to get `text`. */
const escapeReferences = (text: string) => text.replaceAll('${', () => '$${');
const none = () => undefined;
const fromMap = (values: Readonly<Record<string, string>>) => (reference: Reference) =>
  reference.kind === 'env' ? (values[reference.name] ?? reference.fallback) : undefined;

describe('filling in references', () => {
  it('leaves every text without `${` as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('${'));
        expect(interpolateText(text, none)).toEqual({ text, whole: false, references: [] });
      }),
    );
  });

  it('gives back every text that was escaped', () => {
    const hostile = fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', '\n') });
    fc.assert(
      fc.property(hostile, (text) => {
        expect(interpolateText(escapeReferences(text), none).text).toBe(text);
      }),
    );
  });

  it('puts a value in as it is and never looks at it again', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, value, after) => {
        const text = `${escapeReferences(before)}\${NAME}${escapeReferences(after)}`;
        // Two characters on both sides of the border may form an escape of their own.
        fc.pre(!before.endsWith('$'));
        expect(interpolateText(text, fromMap({ NAME: value })).text).toBe(`${before}${value}${after}`);
      }),
    );
  });

  it('takes the default for a variable that is missing, with every character but a brace', () => {
    fc.assert(
      fc.property(fc.string(), (fallback) => {
        fc.pre(!fallback.includes('}'));
        expect(interpolateText(`\${NAME:-${fallback}}`, fromMap({})).text).toBe(fallback);
      }),
    );
  });

  it('says that a text was one reference only when nothing stands beside it', () => {
    expect(interpolateText('${PORT}', none).whole).toBe(true);
    expect(interpolateText(' ${PORT}', none).whole).toBe(false);
    expect(interpolateText('${A}${B}', none).whole).toBe(false);
    expect(interpolateText('$${PORT}', none).whole).toBe(false);
  });

  it.each([
    ['${}', '${}'],
    ['${foo.bar}', '${foo.bar}'],
    ['${1ST}', '${1ST}'],
    ['${NAME', '${'],
    ['${file:}', '${file:}'],
    ['${NAME-default}', '${NAME-default}'],
  ])('calls %s malformed', (text, shown) => {
    expect(interpolateText(text, none).references).toEqual([{ kind: 'malformed', text: shown }]);
  });

  it('reads the path of a file reference', () => {
    expect(interpolateText('x${file: /run/secrets/a b }', none).references).toEqual([
      { kind: 'file', path: '/run/secrets/a b' },
    ]);
  });
});
