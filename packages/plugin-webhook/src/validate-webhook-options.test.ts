import { optionFaults } from '@labkeeper/testkit';
import { describe, expect, it } from 'vitest';
import { webhookNotifier } from './webhook-notifier.js';

const URL_TEXT = 'https://hooks.lan/T0KEN';

function faultsOf(options: Record<string, unknown>) {
  return optionFaults(webhookNotifier, { url: URL_TEXT, ...options });
}

describe('the template of a webhook', () => {
  it.each([
    ['{{ .title', 'unclosed action'],
    ['{{ toYaml .title }}', 'function "toYaml" not defined'],
    ['{{ toJson .titel }}', 'titel'],
    ['{{ toJson (index .alerts 0) }}', 'index'],
    ['{{ range .fields }}x', 'unexpected EOF'],
  ])('%j is a fault of the options, with its place', (body, words) => {
    const [fault, ...others] = faultsOf({ body });
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ code: 'CONFIG_WRONG_VALUE', path: ['body'] });
    expect(fault?.message).toMatch(/^template: body:1(:\d+)?: /);
    expect(fault?.message).toContain(words);
  });

  it.each(['{ "text": "{{ .text }}" }', '{ "text": {{ toJson .text }}, }', 'hello'])(
    'that makes no JSON of some messages is one too: %j',
    (body) => {
      expect(faultsOf({ body })).toMatchObject([
        { path: ['body'], message: expect.stringContaining('no JSON') },
      ]);
    },
  );

  it.each([
    '{ "text": {{ toJson .text }}, "all": {{ toJSON . }}, "count": {{ len .alerts | toJson }} }',
    '[{{ range $i, $alert := .alerts }}{{ if $i }},{{ end }}{{ toJson $alert.title }}{{ end }}]',
    '{ "color": {{ if eq .kind "alert.resolved" }}"green"{{ else }}"red"{{ end }} }',
    '{ "topic": "lab", "title": {{ toJson .title }}, "priority": {{ if eq .severity "critical" }}5{{ else }}3{{ end }} }',
  ])('%j is fine for every message', (body) => {
    expect(faultsOf({ body })).toEqual([]);
  });

  it('need not be JSON when the body is something else', () => {
    expect(faultsOf({ body: '{{ .title }}', content_type: 'text/plain' })).toEqual([]);
    expect(faultsOf({ body: '{{ .title }}', content_type: 'application/cloudevents+json' })).toHaveLength(1);
  });
});

describe('the options of the webhook notifier', () => {
  it('that contradict each other are faults, all at once', () => {
    const faults = faultsOf({
      format: 'alertmanager',
      body: 'x',
      headers: { 'Content-Type': 'text/plain', 'a b': 'c', 'X-Ok': 'a\nb' },
      secret_headers: { 'Idempotency-Key': '1' },
      basic_auth: { username: 'a', password: 'b' },
      bearer_token: 'c',
    });
    expect(faults.map(({ path }) => path.join('.')).sort()).toEqual([
      'bearer_token',
      'format',
      'headers.Content-Type',
      'headers.X-Ok',
      'headers.a b',
      'secret_headers.Idempotency-Key',
    ]);
  });

  it('never quote a secret', () => {
    const shown = JSON.stringify([
      ...faultsOf({ url: 'hooks.lan/T0KEN' }),
      ...faultsOf({ secret_headers: { 'X-Key': 'T0KEN\n' } }),
      ...faultsOf({
        secret: 'T0KEN',
        bearer_token: 'T0KEN',
        basic_auth: { username: 'a', password: 'T0KEN' },
      }),
    ]);
    expect(shown).not.toContain('T0KEN');
    expect(JSON.parse(shown)).toHaveLength(3);
  });
});
