import { readRuleFile } from '@labkeeper/rules';
import { describe, expect, it } from 'vitest';
import { EngineLab, MINUTE, SECOND } from '../testing/engine-lab.js';

/** A rule that fires when the memory is full, and asks for something then. */
function rulesAsking(annotation: string) {
  const text = `groups:
  - name: lab
    interval: 30s
    rules:
      - alert: MemoryFull
        expr: memory_used_percent > 90
        annotations: { summary: full, ${annotation} }
`;
  const { groups, faults } = readRuleFile(text, 'lab.yml');
  expect(faults).toEqual([]);
  return { groups, packs: [] };
}

/** Fires the rule; what is kept with the alert, and what its trail says of it. */
async function fired(annotation: string) {
  const lab = new EngineLab();
  let used = 10;
  const memory = lab.collector('nas', async () => ({
    samples: [
      { name: 'memory_used_percent', value: used },
      { name: 'process_bytes', labels: { process: 'plex' }, value: 700 },
      { name: 'process_bytes', labels: { process: 'sonarr' }, value: 300 },
    ],
  }));
  await lab.run({ channels: [lab.channel('chat')], collectors: [memory], rules: rulesAsking(annotation) });
  await lab.clock.advance(MINUTE);
  used = 95;
  await lab.clock.advance(30 * SECOND);
  const { id, evidence } = lab.alert();
  const trail = (await lab.engine.journal.ofAlert(id)).items.filter(({ kind }) => kind === 'alert.evidence');
  return { evidence, reasons: trail.map(({ reason }) => reason) };
}

describe('an alert that asks for evidence', () => {
  it('keeps the answer of a query as of when it began to fire', async () => {
    const { evidence, reasons } = await fired("evidence_query: 'topk(1, process_bytes)'");
    expect(evidence).toMatchObject([
      { name: 'topk(1, process_bytes)', values: [{ labels: { process: 'plex' }, value: 700 }] },
    ]);
    expect(reasons).toEqual(['kept with it: topk(1, process_bytes)']);
  });

  it('keeps what a collector sees then', async () => {
    const { evidence } = await fired('evidence_collector: nas');
    expect(evidence?.[0]?.values?.map(({ value }) => value)).toEqual([95, 700, 300]);
  });

  it.each([
    ['a query that is none', "evidence_query: 'topk('", 'parse error'],
    ['a collector that is not there', 'evidence_collector: pi', "there is no collector 'pi'"],
  ])('fires all the same with %s, and its trail says why there is nothing', async (_, annotation, reason) => {
    const { evidence, reasons } = await fired(annotation);
    expect([evidence, reasons.length]).toEqual([undefined, 1]);
    expect(reasons[0]).toContain(reason);
  });
});
