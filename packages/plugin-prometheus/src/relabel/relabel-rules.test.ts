import { describe, expect, it } from 'vitest';
import type { RelabelOptions } from './relabel-options.js';
import { compileRelabel } from './relabel-rules.js';
import { validateRelabel } from './validate-relabel.js';

/** A rule with the defaults of the schema. */
const rule = (given: object): RelabelOptions => ({
  action: 'replace',
  source_labels: [],
  separator: ';',
  regex: '(.*)',
  replacement: '$1',
  ...given,
});

/** What becomes of labels; undefined when they are dropped. */
function relabelled(labels: Record<string, string>, ...rules: readonly object[]) {
  const map = new Map(Object.entries(labels));
  return compileRelabel(rules.map(rule))(map) ? Object.fromEntries(map) : undefined;
}

describe('replace', () => {
  it.each<[string, object, object]>([
    ['copies a whole value by default', { source_labels: ['a'], target_label: 'b' }, { a: 'x-1', b: 'x-1' }],
    [
      'takes parts of it',
      { source_labels: ['a'], regex: '(.)-(?P<digit>.)', target_label: 'b', replacement: '${digit}${1}$$1' },
      { a: 'x-1', b: '1x$1' },
    ],
    [
      'takes the longest name behind a dollar',
      { source_labels: ['a'], regex: '(.*)', target_label: 'b', replacement: 'v$1x-$9-${none}' },
      { a: 'x-1', b: 'v--' },
    ],
    [
      'joins several values',
      { source_labels: ['a', 'none', 'a'], separator: '/', target_label: 'b' },
      { a: 'x-1', b: 'x-1//x-1' },
    ],
    ['writes a fixed text', { target_label: 'b', replacement: 'c' }, { a: 'x-1', b: 'c' }],
    [
      'takes a part into the name of the label',
      { source_labels: ['a'], regex: '(.)-(.)', target_label: 'l_$1', replacement: '$2' },
      { a: 'x-1', l_x: '1' },
    ],
    [
      'leaves everything as it is where the name comes out wrong',
      { source_labels: ['a'], target_label: '${1}' },
      { a: 'x-1' },
    ],
    [
      'leaves everything as it is where the whole value does not match',
      { source_labels: ['a'], regex: 'x', target_label: 'b' },
      { a: 'x-1' },
    ],
    ['removes a label that becomes empty', { target_label: 'a', replacement: '' }, {}],
  ])('%s', (_, given, expected) => {
    expect(relabelled({ a: 'x-1' }, given)).toEqual(expected);
  });
});

describe('what decides whether something stays', () => {
  it.each<[object, boolean]>([
    [{ action: 'keep', source_labels: ['a'], regex: 'x|y' }, true],
    [{ action: 'keep', source_labels: ['a'], regex: '' }, false],
    [{ action: 'drop', source_labels: ['a'], regex: 'x|y' }, false],
    [{ action: 'drop', source_labels: ['none'], regex: '.+' }, true],
    [{ action: 'keepequal', source_labels: ['a'], target_label: 'same' }, true],
    [{ action: 'keepequal', source_labels: ['a'], target_label: 'none' }, false],
    [{ action: 'dropequal', source_labels: ['a'], target_label: 'same' }, false],
    [{ action: 'dropequal', source_labels: ['a'], target_label: 'none' }, true],
  ])('%j', (given, stays) => {
    expect(relabelled({ a: 'x', same: 'x' }, given) !== undefined).toBe(stays);
  });

  it('is asked of the whole text, line breaks included', () => {
    expect(relabelled({ a: 'x\ny' }, { action: 'drop', source_labels: ['a'], regex: 'x.y' })).toBeUndefined();
    expect(relabelled({ a: 'axb' }, { action: 'drop', source_labels: ['a'], regex: 'x' })).toBeDefined();
  });

  it('ends the rules: what is dropped is not rewritten further', () => {
    const labels = new Map([['a', 'x']]);
    const rules = [
      { action: 'drop', source_labels: ['a'], regex: 'x' },
      { target_label: 'b', replacement: 'y' },
    ];
    expect(compileRelabel(rules.map(rule))(labels)).toBe(false);
    expect([...labels.keys()]).toEqual(['a']);
  });
});

describe('the other actions', () => {
  it.each<[object, object]>([
    [
      { action: 'lowercase', source_labels: ['A'], target_label: 'A' },
      { A: 'xy', b_c: '1', b_d: '2' },
    ],
    [
      { action: 'uppercase', source_labels: ['A'], target_label: 'z' },
      { A: 'Xy', b_c: '1', b_d: '2', z: 'XY' },
    ],
    [
      { action: 'labelmap', regex: 'b_(.*)' },
      { A: 'Xy', b_c: '1', b_d: '2', c: '1', d: '2' },
    ],
    [
      { action: 'labelmap', regex: 'b_(.*)', replacement: 'k_${1}_' },
      { A: 'Xy', b_c: '1', b_d: '2', k_c_: '1', k_d_: '2' },
    ],
    [{ action: 'labeldrop', regex: 'b_.' }, { A: 'Xy' }],
    [
      { action: 'labelkeep', regex: 'b_c|A' },
      { A: 'Xy', b_c: '1' },
    ],
  ])('%j', (given, expected) => {
    expect(relabelled({ A: 'Xy', b_c: '1', b_d: '2' }, given)).toEqual(expected);
  });

  // The example of Prometheus' own tests of model/relabel.
  it('hash as Prometheus does', () => {
    const given = {
      action: 'hashmod',
      source_labels: ['c'],
      target_label: 'd',
      separator: ';',
      modulus: 1_000,
    };
    expect(relabelled({ c: 'baz' }, given)).toEqual({ c: 'baz', d: '976' });
  });

  it('take an expression that would take others for ever', () => {
    const given = { action: 'keep', source_labels: ['a'], regex: '(a+)+b' };
    expect(relabelled({ a: 'a'.repeat(5_000) }, given)).toBeUndefined();
  });
});

describe('rules that cannot work', () => {
  it.each<[object, string, string]>([
    [{ regex: '(', target_label: 'a' }, 'regex', "'(' is not a regular expression"],
    [{ regex: '(?=a)', target_label: 'a' }, 'regex', 'is not a regular expression'],
    [{}, 'target_label', "'replace' needs a target_label"],
    [{ action: 'lowercase', target_label: 'a$1' }, 'target_label', "'a$1' is not the name of a label"],
    [{ action: 'keepequal', source_labels: ['a'] }, 'target_label', "'keepequal' needs a target_label"],
    [{ action: 'hashmod', target_label: 'a' }, 'modulus', "'hashmod' needs a modulus"],
  ])('%j', (given, key, message) => {
    expect(validateRelabel('relabel', [rule({ target_label: 'fine' }), rule(given)])).toMatchObject([
      { path: ['relabel', 1, key], message: expect.stringContaining(message) as string },
    ]);
  });

  it('are not those that take their label out of a value', () => {
    expect(validateRelabel('relabel', [rule({ source_labels: ['a'], target_label: 'x_$1' })])).toEqual([]);
    expect(validateRelabel('relabel', [rule({ action: 'labeldrop', regex: 'a.*' })])).toEqual([]);
  });
});
