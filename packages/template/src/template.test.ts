import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MESSAGE_FUNCTIONS,
  parseTemplate,
  TEXT_FUNCTIONS,
  TemplateError,
  TemplateStruct,
  type TemplateValue,
} from './index.js';

const run = (text: string, data: TemplateValue = {}) => parseTemplate(text).executeNow(data);

function failure(work: () => unknown): TemplateError {
  try {
    work();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('text and actions', () => {
  it('gives text without actions as it is, and says so', () => {
    const template = parseTemplate('just } text } here');
    expect(template.isConstant).toBe(true);
    expect(template.executeNow(null)).toBe('just } text } here');
  });

  it('trims only where a marker has its space', () => {
    expect(run('a \n {{- 1 -}} \n b')).toBe('a1b');
    expect(run('a {{-1}} b')).toBe('a -1 b');
    expect(run('a {{- /* gone */ -}} b')).toBe('ab');
    expect(run('a {{/* gone */}} b')).toBe('a  b');
  });

  it('looks fields up through maps, plain objects and structs', () => {
    const data = { map: new Map([['key', { inner: 'x' }]]), struct: new TemplateStruct('S', { Field: 7n }) };
    expect(run('{{ .map.key.inner }} {{ .struct.Field }}', data)).toBe('x 7');
  });

  it('never reaches what every object has', () => {
    expect(run('{{ .constructor }} {{ .a.__proto__ }}', { a: {} })).toBe('<no value> <no value>');
    expect(failure(() => run('{{ constructor }}')).message).toContain('function "constructor" not defined');
  });

  it('calls functions in the data as methods', () => {
    const labels = { Names: () => ['a', 'b'], Remove: (...names: string[]) => `without ${names.join('+')}` };
    expect(run('{{ .l.Names }} {{ .l.Remove "x" "y" }}', { l: labels as unknown as TemplateValue })).toBe(
      '[a b] without x+y',
    );
  });
});

describe('missing keys', () => {
  const text = '[{{ .nothing }}]';

  it('print as Go prints them, as nothing, or are errors', () => {
    expect(parseTemplate(text).executeNow({})).toBe('[<no value>]');
    expect(parseTemplate(text, { missingKey: 'empty' }).executeNow({})).toBe('[]');
    const strict = parseTemplate(text, { missingKey: 'error' });
    expect(failure(() => strict.executeNow({})).reason).toContain('map has no entry for key "nothing"');
  });

  it('of a struct are errors whatever the option says', () => {
    const template = parseTemplate('{{ .Nothing }}', { missingKey: 'empty' });
    const fault = failure(() => template.executeNow(new TemplateStruct('Alert', {})));
    expect(fault.reason).toContain("can't evaluate field Nothing in type Alert");
  });

  it('go on missing, but nil has no fields', () => {
    expect(run('{{ .a.b.c }}')).toBe('<no value>');
    expect(failure(() => run('{{ .a.b }}', { a: null })).reason).toContain('nil pointer evaluating');
  });
});

describe('branches and loops', () => {
  it('chooses among else if and else with', () => {
    const text =
      '{{ if .a }}A{{ else if .b }}B{{ else }}C{{ end }}{{ with .c }}{{ . }}{{ else with .d }}{{ . }}{{ end }}';
    expect(run(text, { a: 1, c: 'c' })).toBe('Ac');
    expect(run(text, { b: 1, d: 'd' })).toBe('Bd');
    expect(run(text, {})).toBe('C');
  });

  it('walks lists in order, maps by their keys, and counts up to a number', () => {
    expect(run('{{ range $i, $x := .list }}{{ $i }}{{ $x }} {{ end }}', { list: ['a', 'b'] })).toBe('0a 1b ');
    expect(run('{{ range $k, $v := . }}{{ $k }}{{ $v }} {{ end }}', { b: 2, a: 1 })).toBe('a1 b2 ');
    expect(run('{{ range 3 }}{{ . }}{{ end }}{{ range .none }}x{{ else }}-{{ end }}')).toBe('012-');
  });

  it('leaves and continues the innermost loop', () => {
    const text = '{{ range . }}{{ range . }}{{ if eq . 2.0 }}{{ break }}{{ end }}{{ . }}{{ end }};{{ end }}';
    expect(run(text, [[1, 2, 3], [4]])).toBe('1;4;');
    expect(run('{{ range . }}{{ if eq . 2.0 }}{{ continue }}{{ end }}{{ . }}{{ end }}', [1, 2, 3])).toBe(
      '13',
    );
  });

  it('forgets variables at the end of their block and keeps what was assigned', () => {
    expect(run('{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}')).toBe('1');
    expect(run('{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}')).toBe('2');
  });
});

describe('definitions', () => {
  it('are called with data of their own and see nothing else', () => {
    expect(run('{{ define "t" }}<{{ . }}|{{ $ }}>{{ end }}{{ template "t" .x }}', { x: 'y' })).toBe('<y|y>');
    expect(failure(() => run('{{ $v := 1 }}{{ define "t" }}{{ $v }}{{ end }}')).reason).toBe(
      'undefined variable "$v"',
    );
  });

  it('take the place of a block when they stand before it', () => {
    expect(run('{{ block "b" . }}default{{ end }}')).toBe('default');
    expect(run('{{ define "b" }}other{{ end }}{{ block "b" . }}default{{ end }}')).toBe('other');
  });
});

describe('faults in the text', () => {
  it.each([
    ['a\n {{ .x', 2, 2, 'unclosed action'],
    ['{{ if .x }}', 1, 4, 'unexpected EOF'],
    ['{{ end }}', 1, 4, 'unexpected {{end}}'],
    ['{{ nope 1 }}', 1, 4, 'function "nope" not defined'],
    ['{{ $x }}', 1, 4, 'undefined variable "$x"'],
    ['{{ "a }}', 1, 4, 'unterminated quoted string'],
    ['{{ 1a }}', 1, 4, 'bad number syntax: "1a"'],
    ['{{ .a | 1 }}', 1, 9, 'non executable command in pipeline stage 2'],
    ['{{ break }}', 1, 4, '{{break}} outside {{range}}'],
    ['{{ }}', 1, 4, 'missing value for command'],
    ['{{ (1 }}', 1, 7, 'unexpected "}}" in parenthesized pipeline'],
    ['{{ .a.# }}', 1, 7, "unrecognized character in action: U+0023 '#'"],
    ['{{ .a# }}', 1, 6, "bad character U+0023 '#'"],
    ['{{/* a }}', 1, 1, 'unclosed comment'],
  ])('%j is refused at its place', (text, line, column, reason) => {
    const fault = failure(() => parseTemplate(text, { name: 'n' }));
    expect(fault).toMatchObject({ line, column });
    expect(fault.message).toBe(`template: n:${line}:${column}: ${reason}`);
  });

  it('have the place of the command that failed when executing', () => {
    const fault = failure(() => run('line\n{{ .a }} {{ .b | len }}', { a: 1 }));
    expect(fault).toMatchObject({ line: 2, column: 18 });
    expect(fault.reason).toContain('executing "template" at <len>: error calling len: len of nil pointer');
  });
});

describe('functions of the caller', () => {
  const functions = { ...TEXT_FUNCTIONS, ...MESSAGE_FUNCTIONS };

  it('have their words counted and checked', () => {
    const fault = (text: string) => failure(() => parseTemplate(text, { functions }).executeNow({})).reason;
    expect(fault('{{ toUpper }}')).toContain('wrong number of args for toUpper: want 1 got 0');
    expect(fault('{{ toUpper 1 }}')).toContain('expected string; got int');
    expect(fault('{{ match "(" "x" }}')).toContain(
      'error calling match: error parsing regexp: missing closing )',
    );
  });

  it('of Alertmanager join, trim, make lists and JSON', () => {
    const template = parseTemplate(
      '{{ join ", " (stringSlice "a" "b") }}|{{ trimSpace " x " }}|{{ toJson . }}|{{ reReplaceAll "(a)b" "$1-${1}" "ab" }}',
      { functions },
    );
    expect(template.executeNow({ n: 1, list: [true, null] })).toBe('a, b|x|{"list":[true,null],"n":1}|a-a');
  });

  it('may answer later where the caller waits, and only there', async () => {
    const late = { later: { parameters: [], call: async () => 'now' } } as const;
    const template = parseTemplate('{{ later }}', { functions: late });
    await expect(template.execute(null)).resolves.toBe('now');
    expect(failure(() => template.executeNow(null)).reason).toContain('nobody can wait');
  });

  it('that reject become errors with their name', async () => {
    const broken = {
      broken: { parameters: [], call: async () => Promise.reject(new Error('out of order')) },
    } as const;
    await expect(parseTemplate('{{ broken }}', { functions: broken }).execute(null)).rejects.toThrow(
      'error calling broken: out of order',
    );
  });

  it('of an execution go before those of the template', () => {
    const named = (text: string) => ({ who: { parameters: [], call: () => text } }) as const;
    const template = parseTemplate('{{ who }}', { functions: named('first') });
    expect(template.executeNow(null, { functions: named('second') })).toBe('second');
    expect(template.executeNow(null)).toBe('first');
  });
});

describe('bounds', () => {
  const reason = (text: string, limits = {}) =>
    failure(() => parseTemplate(text, { limits }).executeNow(null)).reason;

  it('stop long results, long loops, deep calls and texts that double', () => {
    expect(reason('{{ range 1000 }}xxxxxxxxxx{{ end }}', { maxLength: 100 })).toContain(
      'result longer than 100',
    );
    expect(reason('{{ range 1000000000 }}{{ end }}')).toContain('more than 100000 steps');
    expect(reason('{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}')).toContain(
      'exceeded maximum template depth',
    );
    expect(reason('{{ $x := "ab" }}{{ range 99 }}{{ $x = print $x $x }}{{ end }}')).toContain(
      'text longer than',
    );
  });

  it('stop nesting that would fill the stack', () => {
    expect(reason(`{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`)).toContain('nested more than');
    expect(reason('{{ if 1 }}'.repeat(5000))).toContain('nested more than');
  });
});

describe('whatever the text', () => {
  const word = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{{-',
      ' -}}',
      ' ',
      '.',
      '.a',
      '$',
      '$x',
      ':=',
      '=',
      '|',
      '(',
      ')',
      ',',
      '"s"',
      '`r`',
      "'c'",
      '1',
      '-2.5',
      '0x1p2',
    ],
    ...[
      'if',
      'else',
      'end',
      'range',
      'with',
      'define',
      'template',
      'block',
      'break',
      'nil',
      'true',
      'and',
      'printf',
      'index',
      '/*',
      '*/',
      '\n',
      'é',
    ],
  );

  it('nothing but a TemplateError is thrown, and every text is read in bounded time', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        try {
          run(words.join(''), { a: [1, { a: 'x' }] });
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('text between actions is never touched', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        fc.pre(![before, after].some((text) => text.includes('{')));
        expect(run(`${before}{{ "" }}${after}`)).toBe(before + after);
      }),
    );
  });
});
