import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkRuleFiles, readRuleFile } from '../index.js';

const faultsOf = (text: string) =>
  readRuleFile(text, 'f.yml').faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
const group = (rules: string) => `groups:\n- name: g\n  rules:\n${rules}`;

describe('a good file', () => {
  const text = `
groups:
  - name: disks
    interval: 30s
    query_offset: 1m
    limit: 10
    labels: { team: home, severity: info }
    rules:
      - record: disk:free:ratio
        expr: free / size
      - alert: DiskFull
        expr: disk:free:ratio < 0.1
        for: 5m
        keep_firing_for: 1h
        labels: { severity: critical }
        annotations: { summary: '{{ $labels.instance }} is full' }
`;

  it('becomes groups with milliseconds, labels of the group and the places of everything', () => {
    const { groups, faults, warnings, ruleCount } = readRuleFile(text, 'f.yml');
    expect([faults, warnings, ruleCount]).toEqual([[], [], 2]);
    expect(groups).toMatchObject([
      { file: 'f.yml', name: 'disks', intervalMs: 30_000, queryOffsetMs: 60_000, limit: 10, line: 3 },
    ]);
    expect(groups[0]?.rules).toMatchObject([
      { kind: 'recording', name: 'disk:free:ratio', labels: { team: 'home', severity: 'info' }, line: 9 },
      {
        ...{ kind: 'alerting', name: 'DiskFull', forMs: 300_000, keepFiringForMs: 3_600_000, line: 11 },
        ...{
          labels: { team: 'home', severity: 'critical' },
          annotations: { summary: '{{ $labels.instance }} is full' },
        },
      },
    ]);
  });

  it('may be empty, and may use numbers as texts, anchors and merges', () => {
    expect(readRuleFile('', 'f').faults).toEqual([]);
    expect(readRuleFile('groups:', 'f').groups).toEqual([]);
    const merged = group('  - &a { alert: 7, expr: 1, labels: { level: 2 } }\n  - { <<: *a, alert: B }\n');
    const { groups, faults } = readRuleFile(merged, 'f');
    expect(faults).toEqual([]);
    expect(groups[0]?.rules.map(({ name, labels }) => [name, labels.level])).toEqual([
      ['7', '2'],
      ['B', '2'],
    ]);
  });

  it('may use names in UTF-8, as Prometheus 3 does', () => {
    expect(faultsOf(group('  - { record: wärme.küche, expr: 1, labels: { ort-name: bad } }'))).toEqual([]);
  });
});

describe('a bad file', () => {
  it.each([
    ['groups: [', '1:10 ', 'Flow sequence'],
    ['group: []', '1:1 ', "unknown key 'group' in a file of rules; did you mean 'groups'?"],
    ['groups: 3', '1:9 ', "'groups' must be a list, not '3'"],
    ['groups:\n- rules: []', '2:3 ', 'Groupname must not be empty'],
    ['groups:\n- name: a\n- name: a', '3:9 ', 'groupname: "a" is repeated in the same file'],
    ['groups:\n- name: a\n  interval: 5', '3:13 ', 'not a valid duration string: "5"'],
    ['groups:\n- name: a\n  limit: many', '3:10 ', "'limit' must be a whole number, not 'many'"],
    [group('  - expr: 1'), '4:5 ', "one of 'record' or 'alert' must be set"],
    [
      group('  - record: a\n    alert: b\n    expr: 1'),
      '4:13 ',
      "only one of 'record' and 'alert' must be set",
    ],
    [group('  - record: a'), '4:5 ', "field 'expr' must be set in rule"],
    [group('  - record: a{b="c"}\n    expr: 1'), '4:13 ', 'invalid recording rule name: a{b="c"}'],
    [group('  - record: a\n    expr: 1\n    for: 1m'), '6:5 ', "invalid field 'for' in recording rule"],
    [
      group('  - record: a\n    expr: 1\n    annotations: {b: c}'),
      '6:5 ',
      "invalid field 'annotations' in recording rule",
    ],
    [group('  - alert: a\n    expr: 1\n    labels: {__name__: c}'), '6:14 ', 'invalid label name: __name__'],
    [group('  - alert: a\n    expr: 1\n    lables: {b: c}'), '6:5 ', "did you mean 'labels'?"],
    [group('  - alert: a\n    expr: 1\n    labels: {b: [c]}'), '6:17 ', "'b' must be a text, not a list"],
    [
      group('  - alert: a\n    expr: 1\n    annotations: {b: "x {{ nope }}"}'),
      '6:28 ',
      'function "nope" not defined',
    ],
    [group('  - alert: a\n    expr: 1\n    expr: 2'), '6:5 ', 'unique'],
    [group('  - alert: a\n    expr: *nothing'), '5:11 ', "the alias '*nothing' has no anchor before it"],
    ['groups: []\n---\ngroups: []', '2:1 ', 'a second document'],
  ])('%j is refused at its place', (text, place, message) => {
    const [first = ''] = faultsOf(text);
    expect(first).toContain(message);
    expect(first.startsWith(place)).toBe(true);
  });

  it('is told of everything at once, in the order of the file', () => {
    const text = group('  - alert: a\n    expr: 1 +\n    for: x\n  - record: b\n    exp: 1\n');
    expect(faultsOf(text).map((fault) => fault.split(' ')[0])).toEqual(['5:14', '6:10', '7:5', '8:5']);
  });

  it('names group and rule in every fault', () => {
    const [fault] = readRuleFile(group('  - alert: a\n    expr: 1 +'), 'f.yml').faults;
    expect(fault).toMatchObject({ file: 'f.yml', group: 'g', rule: 'a', code: 'RULES_EXPRESSION' });
  });

  it('cannot fill the memory with aliases', () => {
    const rules = group(`${'  - &r0 { record: a, expr: 1 }\n'}${'  - *r0\n'.repeat(300)}`).replace(
      'rules:',
      'rules: &all',
    );
    const bomb =
      rules + Array.from({ length: 300 }, (_, index) => `\n- { name: n${index}, rules: *all }`).join('');
    expect(readRuleFile(bomb, 'f').faults.map(({ code }) => code)).toContain('RULES_TOO_LARGE');
  });
});

describe('the place of a fault in an expression', () => {
  const styles = {
    plain: 'expr: sum(rate(a[5m])) + ?x',
    quoted: `expr: 'label_replace(a, "b", ''c'', "d", "e") + ?x'`,
    double: 'expr: "a{b=\\"\\u0041\\"} +\\n ?x"',
    literal: 'expr: |\n        a\n          +\n\n        ?x',
    folded: 'expr: >-\n        a\n        + ?x',
    multiline: 'expr: a\n      + b\n      + ?x',
  };

  it.each(Object.entries(styles))('is found in %s scalars', (_, expr) => {
    const text = group(`  - alert: a\n    ${expr}\n`);
    const before = text.slice(0, text.indexOf('?')).split('\n');
    const [fault] = readRuleFile(text, 'f').faults;
    expect(fault).toMatchObject({ line: before.length, column: before.at(-1)!.length + 1 });
  });

  it('is found however the YAML is written', () => {
    const word = fc.constantFrom('a', 'sum(b)', '"x\\"y"', "'it''s'", 'c{d="é"}', '  ', '\n', '\t', '1');
    const form = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(
      fc.property(
        fc.array(word),
        form,
        fc.integer({ min: 20, max: 80 }),
        (words, defaultStringType, lineWidth) => {
          // A bracket that is never opened is the first thing that the parser stumbles over.
          const expr = `${words.map((each) => `1 + ${each === each.trim() ? '1' : each} +`).join(' ')} 1 ] 2`;
          const text = stringify(
            { groups: [{ name: 'g', rules: [{ alert: 'a', expr }] }] },
            { defaultStringType: defaultStringType as 'PLAIN', defaultKeyType: 'PLAIN', lineWidth },
          );
          const [fault] = readRuleFile(text, 'f').faults;
          const before = text.slice(0, text.indexOf(']')).split('\n');
          expect(fault).toMatchObject({ line: before.length, column: before.at(-1)!.length + 1 });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('warnings', () => {
  const warningsOf = (text: string) =>
    readRuleFile(text, 'f.yml').warnings.map(({ line, message }) => `${line} ${message}`);

  it('tell of rules that stand twice, also in another group', () => {
    const text = `${group('  - { record: a, expr: 1 }\n  - { record: a, expr: 2 }\n')}- name: h\n  rules: [{ record: a, expr: 3 }]`;
    expect(warningsOf(text)).toEqual([
      '5 duplicate rule: "a" with the same labels stands in line 4',
      '7 duplicate rule: "a" with the same labels stands in line 4',
    ]);
  });

  it('tell of templates that will fail whenever the alert fires', () => {
    const text = group(
      '  - alert: a\n    expr: 1\n    annotations:\n      b: |\n        x\n        {{ $.labels.job }}\n',
    );
    expect(warningsOf(text)).toEqual([
      expect.stringMatching(/^9 annotation "b" will fail: .*can't evaluate field labels/),
    ]);
  });

  it('say nothing of templates that only need data', () => {
    const text = group(
      '  - alert: a\n    expr: 1\n    annotations: { b: "{{ query `up` | first | value | humanize }}{{ parseDuration $labels.x }}" }',
    );
    expect(warningsOf(text)).toEqual([]);
  });
});

describe('checking many files', () => {
  it('adds up rules, files and what is faulty', () => {
    const good = { file: 'a', text: group('  - { record: a, expr: 1 }') };
    const bad = {
      file: 'b',
      text: group(
        '  - { record: a, expr: 1 +, for: 1m }\n  - { alert: b, expr: ( }\n  - { alert: c, expr: 1 }',
      ),
    };
    const broken = { file: 'c', text: 'groups: [' };
    expect(checkRuleFiles([good, bad, broken])).toMatchObject({ rules: 4, files: 3, faulty: 3 });
    expect(checkRuleFiles([good]).faults).toEqual([]);
  });
});
