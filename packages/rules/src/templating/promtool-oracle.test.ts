import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { expandRuleTemplateNow, parseRuleTemplate } from './rule-template.js';

const PROMTOOL: string = process.env.PROMTOOL ?? 'promtool';
const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;
const LABELS = { __name__: 'm', instance: 'nas.home.lan:9100', job: 'node', path: '/a b&c="d"<é>', v: '0' };
const VALUES = [
  0, 1, -1.5, 2.5, 0.1, 1234567.891, 1e21, 1e-7, 86461, 0.00012345, -3700, 1.7e9, 123456789012, 9.9996, 99.5,
  1e23,
];

/** Each is expanded by promtool and by us, for every value. */
const TEMPLATES = [
  ...[
    '{{ $value }}',
    '{{ .Value }}',
    '{{ $labels }}',
    '{{ .Labels.job }}-{{ $labels.nothing }}-',
    '{{ $.Labels.instance }}',
  ],
  ...[
    'a {{- " b " -}} c',
    'a {{/* comment */}} b',
    'a {{- /* c */ -}} b',
    '{{ "q\\"\\x41\\u00e9\\101" }}',
    '{{ `raw\\n` }}',
  ],
  ...[
    '{{ 1 }} {{ 1.0 }} {{ 1e6 }} {{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ -3 }} {{ +3 }} {{ .5 }}',
    "{{ 'a' }}",
  ],
  ...[
    '{{ true }} {{ false }}',
    '{{ print nil }}',
    '{{ print 1 2 "a" "b" 3 4 }}',
    '{{ println "a" 1 }}',
    '{{ print 1.5 true }}',
  ],
  ...['e', 'f', 'g', 'E', 'G', 'v', 'd', 's', 'q', 't', 'T', 'F'].map(
    (verb) => `{{ printf "%${verb}" $value }}`,
  ),
  ...[
    '.0f',
    '.1f',
    '.2f',
    '.3e',
    '.1g',
    '.4g',
    '.10g',
    '.17g',
    '8.2f',
    '-8.2f|',
    '08.2f',
    '+.1f',
    '+g',
    ' .2f',
    '010e',
    '.0e',
  ].map((form) => `{{ printf "%${form}" $value }}`),
  ...[
    'd',
    '5d',
    '-5d|',
    '05d',
    '+d',
    'x',
    'X',
    '#x',
    'o',
    '#o',
    'O',
    'b',
    'c',
    'q',
    'U',
    '#U',
    'e',
    's',
    't',
    '.3d',
    '08.3d',
    '+.2d',
    'v',
    'T',
  ].map((form) => `{{ printf "%${form}" 233 }}{{ printf "%${form}" -42 }}`),
  ...['s', 'q', 'v', 'x', 'X', '# x', '10s', '-10s|', '.2s', 'd', '#q', '+q', 'T', '05s', '.1q'].map(
    (form) => `{{ printf "%${form}" "hé\\n" }}`,
  ),
  ...['t', 'v', 'd', '6t', 'q'].map((form) => `{{ printf "%${form}" true }}`),
  ...[
    '{{ printf "%d" }}',
    '{{ printf "a" 3 4.0 nil }}',
    '{{ printf "%!" }}',
    '{{ printf "%" }}',
    '{{ printf "%z" 3 }}',
    '{{ printf "%d%%" 3 }}',
  ],
  ...[
    '{{ printf "%*d|%-*d|" 5 3 4 2 }}',
    '{{ printf "%[2]d %[1]d" 1 2 }}',
    '{{ printf "%[5]d" 1 }}',
    '{{ printf "%.*f" 2 $value }}',
    '{{ printf "%v %d" .Labels $labels }}',
  ],
  ...[
    '{{ $value | printf "%.2f" }}',
    '{{ $value | humanize | printf "%s!" | toUpper }}',
    '{{ "a" | print "b" }}',
  ],
  ...[
    '{{ if $value }}yes{{ else }}no{{ end }}',
    '{{ if gt $value 1.0 }}big{{ else if lt $value 0.0 }}neg{{ else }}small{{ end }}',
  ],
  ...[
    '{{ if and $labels.job $labels.nothing }}a{{ else }}b{{ end }}',
    '{{ or $labels.nothing "x" }}',
    '{{ and 1 0 2 }}',
    '{{ not $value }}',
    '{{ or }}',
  ],
  ...[
    '{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}',
    '{{ range $labels }}{{ . }},{{ end }}',
    '{{ range $i, $e := $labels }}{{ if eq $i "job" }}{{ break }}{{ end }}{{ $i }} {{ end }}',
  ],
  ...[
    '{{ range $k, $v := $labels }}{{ if ne $k "job" }}{{ continue }}{{ end }}{{ $v }}{{ end }}',
    '{{ with $labels.job }}{{ . }}{{ end }}{{ with $labels.none }}x{{ else }}none{{ end }}',
  ],
  ...[
    '{{ define "x" }}[{{ . }}]{{ end }}{{ template "x" $value }}',
    '{{ block "y" .Labels }}{{ .job }}{{ end }}',
    '{{ template "nope" }}',
    '{{ define "z" }}{{ $ }}{{ end }}{{ template "z" }}',
  ],
  ...[
    '{{ $x := 1 }}{{ $x = 2 }}{{ $x }}',
    '{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}',
    '{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}',
    '{{ $c := 0 }}{{ range $labels }}{{ $c = len . }}{{ end }}{{ $c }}',
  ],
  ...[
    '{{ len $labels }} {{ len "hé" }}',
    '{{ index $labels "job" }}{{ index $labels "none" }}',
    '{{ index "abc" 1 }}',
    '{{ slice "abcdef" 1 3 }}',
    '{{ slice "abc" 1 }}',
    '{{ index "abc" 5 }}',
  ],
  ...[
    '{{ eq 1 1 }} {{ eq 1 2 1 }} {{ ne "a" "b" }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1.5 1.5 }}',
    '{{ eq 1 1.0 }}',
    '{{ eq $value 1.0 }}',
    '{{ lt $value 1 }}',
    '{{ eq $labels $labels }}',
    '{{ lt true false }}',
  ],
  ...[
    '{{ html $labels.path }}',
    '{{ js $labels.path }}',
    '{{ urlquery $labels.path }}',
    '{{ $labels.path | html }}',
    '{{ js "\\u2028\\x00\\n" }}',
    '{{ urlquery "a b" 1 "~-_.!*" }}',
  ],
  ...['humanize', 'humanize1024', 'humanizePercentage', 'humanizeTimestamp', 'toTime'].map(
    (name) => `{{ $value | ${name} }}`,
  ),
  // Go's whole numbers run over beyond 64 bits.
  '{{ if lt $value 1e15 }}{{ $value | humanizeDuration }}{{ end }}',
  ...[
    '{{ "1234" | humanize }}',
    '{{ "x" | humanize }}',
    '{{ humanize true }}',
    '{{ 1234 | humanize }}',
    '{{ humanize "+Inf" }}',
  ],
  ...[
    '{{ $labels.instance | stripPort }}',
    '{{ $labels.instance | stripDomain }}',
    '{{ stripDomain "10.0.0.1:80" }}',
    '{{ stripPort "[::1]:80" }}',
    '{{ stripDomain "a.b" }}',
    '{{ stripPort "a" }}',
  ],
  ...[
    '{{ title "hello wORLD foo_bar it\'s a-b" }}',
    '{{ toUpper "aé" }}{{ toLower "AÉ" }}',
    '{{ match "h.*o" "xhellox" }}',
    '{{ match "^a" "ba" }}',
    '{{ match "(" "x" }}',
  ],
  ...[
    '{{ reReplaceAll "(.*):(\\\\d+)" "$2-$1" $labels.instance }}',
    '{{ reReplaceAll "a" "$1x${0}y" "banana" }}',
    '{{ reReplaceAll "(?P<n>b)" "${n}${n}" "abc" }}',
    '{{ reReplaceAll "" "-" "abc" }}',
  ],
  ...[
    '{{ parseDuration "1h30m" }}',
    '{{ parseDuration "x" }}',
    '{{ graphLink "up == 1" }}',
    '{{ tableLink "a{b=\\"c\\"}" }}',
    '{{ safeHtml "<b>" }}',
    '{{ with args 1 "x" }}{{ .arg0 }}{{ .arg1 }}{{ end }}',
  ],
  ...[
    '{{ query "vector(1)" | first | value }}',
    '{{ query "m" | sortByLabel "v" | first | label "v" }}',
    '{{ range query "m" | sortByLabel "v" }}{{ .Labels.v }}={{ .Value }} {{ end }}',
    '{{ query "none" | first | value }}',
    '{{ query "none" }}',
    '{{ query "vector(" }}',
  ],
  ...[
    '{{ .Foo }}',
    '{{ $.labels.x }}',
    '{{ $value.x }}',
    '{{ $labels.job.x }}',
    '{{ $value 1 }}',
    '{{ toUpper 1 }}',
    '{{ toUpper }}',
    '{{ toUpper "a" "b" }}',
    '{{ call 1 }}',
    '{{ printf 1 }}',
    '{{ range $value }}{{ end }}',
    '{{ len 3 }}',
    '{{ index 1 2 }}',
  ],
  ...[
    '{{ (len $labels) }}',
    '{{ ($labels).job }}',
    '{{ (index $labels "job") | toUpper }}',
    '{{ print (print 1 2) (len "ab") }}',
    '{{ $externalURL }}|{{ .ExternalURL }}',
    '{{ $externalLabels }}{{ .ExternalLabels.x }}',
  ],
  ...[
    '{{ printf "%s" $labels }}',
    '{{ printf "%q" $labels }}',
    '{{ printf "%v" nil }}',
    '{{ printf "%d" nil }}',
    '{{ printf "%5v|" nil }}',
    '{{ printf "%t" $value }}',
    '{{ printf "%c%c" \'x\' 0x1F600 }}',
    '{{ printf "%6.2f%%" $value }}',
    '{{ $value | printf "%.0f" }}',
  ],
];

interface Expansion {
  readonly value: number;
  readonly text: string;
}

/** Runs all templates in one promtool: a rule file with one alert each, and a test that shows what each became. */
function promtoolExpansions(): Map<string, Expansion[]> {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-templates-'));
  try {
    const rules = TEMPLATES.map((text, index) => ({ alert: `A${index}`, expr: 'm', annotations: { text } }));
    writeFileSync(join(folder, 'rules.yml'), stringify({ groups: [{ name: 'g', rules }] }));
    const { __name__, v: _, ...labels } = LABELS;
    const series = VALUES.map((value, index) => {
      const pairs = Object.entries({ ...labels, v: String(index) }).map(
        ([key, text]) => `${key}=${JSON.stringify(text)}`,
      );
      return { series: `${__name__}{${pairs.join(',')}}`, values: String(value) };
    });
    const tests = TEMPLATES.map((_, index) => ({ eval_time: 0, alertname: `A${index}`, exp_alerts: [] }));
    writeFileSync(
      join(folder, 'test.yml'),
      stringify({ rule_files: ['rules.yml'], tests: [{ input_series: series, alert_rule_test: tests }] }),
    );
    const { stdout, stderr } = spawnSync(PROMTOOL, ['test', 'rules', join(folder, 'test.yml')], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    return readReport(stdout + stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readReport(report: string): Map<string, Expansion[]> {
  const found = new Map<string, Expansion[]>();
  let name = '';
  let value = 0;
  for (const line of report.split('\n')) {
    name = /alertname: (A\d+),/.exec(line)?.[1] ?? name;
    const index = /Labels:\{.*, v="(\d+)"\}/.exec(line)?.[1];
    if (index !== undefined) value = VALUES[Number(index)]!;
    const quoted = /^\s*Annotations:\{text="(.*)"\},?$/.exec(line)?.[1];
    if (quoted !== undefined)
      found.set(name, [...(found.get(name) ?? []), { value, text: unquoted(quoted) }]);
  }
  return found;
}

const unquoted = (text: string): string =>
  JSON.parse(`"${text.replace(/\\x([\da-f]{2})/g, '\\u00$1').replaceAll('\\a', '\\u0007')}"`) as string;

function ours(template: string, index: number, value: number): string {
  const samples = VALUES.map((each, at) => ({
    labels: { ...LABELS, v: String(at) },
    value: each,
    timeMs: 0,
  }));
  const query = (expression: string) => {
    if (expression === 'm') return samples;
    if (expression === 'vector(1)') return [{ labels: {}, value: 1, timeMs: 0 }];
    if (expression === 'none') return [];
    throw new Error('1:8: parse error: unclosed left parenthesis');
  };
  const labels = { ...LABELS, v: String(VALUES.indexOf(value)) };
  return expandRuleTemplateNow(parseRuleTemplate(template, `A${index}`), { labels, value, atMs: 0, query });
}

/** Failures have the same reason; the column is counted from the template itself, and Prometheus shows the whole of the template's chain. */
const comparable = (text: string): string =>
  text.startsWith('<error')
    ? `<error ${text
        .replace(/^.*?: (?=executing )/, '')
        .replace(/executing "[^"]*" at <.*?>: /, '')
        .replace(/>$/, '')
        .replace(
          / in type struct .*| in type template.AlertData|wrong type for value; |; (got|found) .*|: map\[string\](string|interface {})$/g,
          '',
        )}`
    : text;

describe.skipIf(!hasPromtool)('templates beside promtool (skipped where promtool is not installed)', () => {
  it('become what Prometheus makes of them', () => {
    expect(execFileSync(PROMTOOL, ['--version'], { encoding: 'utf8' })).toContain('promtool');
    const theirs = promtoolExpansions();
    const differing: unknown[] = [];
    TEMPLATES.forEach((template, index) => {
      const expansions = theirs.get(`A${index}`) ?? [];
      if (expansions.length !== VALUES.length) differing.push({ template, missing: expansions.length });
      for (const { value, text } of expansions) {
        let found: string;
        try {
          found = comparable(ours(template, index, value));
        } catch (error) {
          found = String(error);
        }
        if (found !== comparable(text))
          differing.push({ template, value, ours: found, theirs: comparable(text) });
      }
    });
    expect(differing).toEqual([]);
    // Hundreds of templates by sixteen values, and another program: more than the usual five seconds on a busy machine.
  }, 60_000);
});
