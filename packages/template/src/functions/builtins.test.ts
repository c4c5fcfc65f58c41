import { describe, expect, it } from 'vitest';
import { parseTemplate, type TemplateValue } from '../index.js';

const run = (text: string, data: TemplateValue = {}) => parseTemplate(text).executeNow(data);

describe('the functions of Go', () => {
  it.each([
    [
      'and and or stop at the word that decides',
      '{{ and 0 (index .none 1) }} {{ or 1 (index .none 1) }} {{ and 1 2 }} {{ or 0 "" }}|',
      '0 1 2 |',
    ],
    [
      'not turns truth around: empty is false',
      '{{ not "" }} {{ not .none }} {{ not 0.0 }} {{ not "x" }}',
      'true true true false',
    ],
    ['len counts bytes and entries', '{{ len "é" }} {{ len .list }} {{ len .map }}', '2 3 1'],
    [
      'index goes into lists, maps and texts',
      '{{ index .list 1 }} {{ index .map "k" "l" }} {{ index "A" 0 }} {{ index .map "x" }}',
      'b deep 65 <no value>',
    ],
    [
      'slice cuts lists and texts',
      '{{ slice .list 1 }} {{ slice .list 0 1 }} {{ slice "héy" 1 3 }}',
      '[b c] [a] é',
    ],
    [
      'eq finds the first among the others',
      '{{ eq 1 2 1 }} {{ eq "a" "b" }} {{ ne 1 2 }} {{ eq nil .none }}',
      'true false true true',
    ],
    [
      'order works on numbers and texts',
      '{{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1.5 2.5 }}',
      'true true true false',
    ],
    [
      'NaN is neither less nor greater',
      '{{ lt .nan 1.0 }} {{ gt .nan 1.0 }} {{ ge .nan .nan }}',
      'false false false',
    ],
    [
      'html, js and urlquery escape',
      `{{ html "<a b='c'>" }} {{ js "it's <b>" }} {{ urlquery "a b&c" }}`,
      "&lt;a b=&#39;c&#39;&gt; it\\'s \\u003Cb\\u003E a+b%26c",
    ],
    ['call calls a function of the data', '{{ call (index . "twice") 4 }}', '8'],
    ['pipes give the last word', '{{ "x" | printf "%s-%s" "a" | len }}', '3'],
  ])('%s', (_, text, expected) => {
    const twice = (value: bigint) => value * 2n;
    const data = {
      list: ['a', 'b', 'c'],
      map: { k: { l: 'deep' } },
      nan: Number.NaN,
      twice: twice as unknown as TemplateValue,
    };
    expect(run(text, data)).toBe(expected);
  });

  it.each([
    ['{{ eq 1 1.0 }}', 'incompatible types for comparison'],
    ['{{ lt true false }}', 'invalid type for comparison'],
    ['{{ eq .list .list }}', 'non-comparable type [a]'],
    ['{{ index .list 7 }}', 'index out of range: 7'],
    ['{{ index .list "a" }}', 'cannot index slice/array with type string'],
    ['{{ slice .list 1 0 }}', 'invalid slice index: 1 > 0'],
    ['{{ len 3 }}', 'len of type int'],
    ['{{ range 1.5 }}{{ end }}', "range can't iterate over 1.5"],
    ['{{ 1 2 }}', "can't give argument to non-function 1"],
    ['{{ .list 2 }}', 'list is not a method but has arguments'],
    ['{{ nil }}', 'nil is not a command'],
    ['{{ template "none" }}', 'template "none" not defined'],
  ])('%s says what is wrong', (text, reason) => {
    expect(() => run(text, { list: ['a'] })).toThrow(reason);
  });
});
