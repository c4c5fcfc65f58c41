import type { InstantValue, Labels } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { expandTemplate, type TemplateContext } from '../index.js';

const up = (labels: Labels, timeMs: number, value: number): InstantValue => ({ labels, timeMs, value });

const CONTEXT: TemplateContext = {
  ...{ labels: { instance: 'nas.home.lan:9100', job: 'node' }, value: 0.5, externalLabels: { site: 'home' } },
  ...{ externalUrl: 'https://lab.example/watch/', atMs: 1_700_000_000_500 },
  query: (expression, atMs) =>
    expression === 'up' ? [up({ job: 'b' }, atMs, 1), up({ job: 'a', __value__: 'x' }, atMs, 2)] : [],
};
const expand = (text: string, more: Partial<TemplateContext> = {}) =>
  expandTemplate(text, { ...CONTEXT, ...more });

describe('a template of a rule', () => {
  it.each([
    ['{{ $labels.instance }} {{ .Labels.job }} {{ $value }} {{ .Value }}', 'nas.home.lan:9100 node 0.5 0.5'],
    [
      '{{ $externalLabels.site }} {{ .ExternalLabels.site }} {{ $externalURL }} {{ .ExternalURL }}',
      'home home https://lab.example/watch/ https://lab.example/watch/',
    ],
    ['{{ externalURL }} {{ pathPrefix }}', 'https://lab.example/watch/ /watch'],
    ['[{{ $labels.none }}]', '[]'],
    ['{{ now }}', '1.7000000005e+09'],
    [
      '{{ query "up" | first | value }} {{ range query "up" | sortByLabel "job" }}{{ . | label "job" }}={{ .Value }}{{ strvalue . }} {{ end }}',
      '1 a=2x b=1 ',
    ],
    ['{{ with query "none" }}some{{ else }}none{{ end }}', 'none'],
    [
      '{{ humanize 1234567 }} {{ humanize 0.00012 }} {{ humanize1024 2048 }} {{ humanizePercentage $value }}',
      '1.235M 120u 2ki 50%',
    ],
    [
      '{{ humanizeDuration 90061 }} {{ humanizeDuration 3661.5 }} {{ humanizeDuration 61 }} {{ humanizeDuration 1.5 }} {{ humanizeDuration 0.0015 }} {{ humanizeDuration -61 }}',
      '1d 1h 1m 1s 1h 1m 1s 1m 1s 1.5s 1.5ms -1m 1s',
    ],
    ['{{ humanizeTimestamp 1435065584.128 }}', '2015-06-23 13:19:44.128 +0000 UTC'],
    [
      '{{ (toTime 1435065584.128).Format "Mon, 02 Jan 2006 15:04:05.000 MST | 3:04PM | _2 | 06/1/2" }}',
      'Tue, 23 Jun 2015 13:19:44.128 UTC | 1:19PM | 23 | 15/6/23',
    ],
    [
      '{{ with toTime 0 }}{{ .Year }} {{ .Month }} {{ .Weekday }} {{ .Unix }}{{ end }}',
      '1970 January Thursday 0',
    ],
    [
      '{{ stripPort $labels.instance }} {{ stripDomain $labels.instance }} {{ stripPort "[::1]:80" }} {{ stripDomain "10.0.0.1:80" }} {{ stripDomain "a.b" }}',
      'nas.home.lan nas:9100 ::1 10.0.0.1:80 a',
    ],
    ['{{ parseDuration "1h30m" }} {{ parseDuration "0" }}', '5400 0'],
    [
      '{{ graphLink "up == 1" }} {{ tableLink "a" }}',
      '/graph?g0.expr=up+%3D%3D+1&g0.tab=0 /graph?g0.expr=a&g0.tab=1',
    ],
    ['{{ with args 1 "b" }}{{ .arg1 }}{{ .arg0 }}{{ end }}', 'b1'],
    [
      '{{ title "a b" }} {{ toUpper "a" }} {{ toLower "A" }} {{ match "a.c" "xabc" }} {{ reReplaceAll "(.)b" "$1$1" "ab" }} {{ safeHtml "<" }}',
      'A B A a true aa <',
    ],
  ])('%s', async (text, expected) => {
    await expect(expand(text)).resolves.toBe(expected);
  });

  it.each([
    ['{{ query "none" | first }}', 'first() called on vector with no elements'],
    ['{{ parseDuration "x" }}', 'not a valid duration string: "x"'],
    ['{{ toTime 1e300 }}', 'overflows int64'],
    ['{{ humanize "x" }}', 'invalid syntax'],
    ['{{ value 3 }}', 'expected *template.sample'],
    ['{{ .labels }}', "can't evaluate field labels"],
    ['{{ tmpl "a" . }}', 'function "tmpl" not defined'],
  ])('%s fails and says why', async (text, reason) => {
    await expect(expand(text)).rejects.toThrow(reason);
  });

  it('waits for queries that answer later, and says so when none is possible', async () => {
    const query = async () => [{ labels: {}, timeMs: 0, value: 7 }];
    await expect(expand('{{ query "x" | first | value }}', { query })).resolves.toBe('7');
    const { query: _, ...without } = CONTEXT;
    await expect(expandTemplate('{{ query "x" }}', without)).rejects.toThrow(
      'error calling query: no query is possible here',
    );
  });

  it('asks queries for the time of the evaluation', async () => {
    let asked = 0;
    await expand('{{ query "x" }}', {
      query: (_, atMs) => {
        asked = atMs;
        return [];
      },
    });
    expect(asked).toBe(CONTEXT.atMs);
  });
});
