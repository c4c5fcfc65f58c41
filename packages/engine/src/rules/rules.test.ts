import { isStalenessMark, type Labels, type RulePack } from '@labkeeper/core';
import { readRuleFile } from '@labkeeper/rules';
import { describe, expect, it } from 'vitest';
import { ANNA } from '../testing/alert-lab.js';
import { EngineLab, HOUR, MINUTE, SECOND } from '../testing/engine-lab.js';
import type { PlannedRules } from './planned-rules.js';

/** Rules of a file, which must be right. */
function rulesOf(...rules: string[]): PlannedRules {
  const text = `groups:\n  - name: lab\n    interval: 30s\n    rules:\n${rules.join('\n').replace(/^/gm, '      ')}\n`;
  const { groups, faults } = readRuleFile(text, 'lab.yml');
  expect(faults).toEqual([]);
  return { groups, packs: [] };
}

const HOT = `- alert: Hot
  expr: temperature > 80
  labels: { severity: critical }
  annotations: { summary: '{{ $labels.room }} is hot', description: 'It has {{ $value }} degrees.' }`;
const HOT_FOR_5M = `${HOT}\n  for: 5m`;

/** A lab with one channel, and a way in for what is measured. */
async function ruleLab(rules: PlannedRules, before?: EngineLab) {
  const lab = before ? before.reborn() : new EngineLab();
  const plan = { channels: [lab.channel('chat')], rules };
  await lab.run(plan);
  const source = lab.engine.ingest.source({ plugin: 'lab' });
  const measure = async (value: number, labels: Labels = { room: 'attic' }, timeMs = lab.clock.now()) => {
    source.add([{ name: 'temperature', labels, value, timeMs }], timeMs);
    await lab.clock.advance(10);
  };
  /** The same value every ten seconds. */
  const stays = async (value: number, forMs: number, labels?: Labels) => {
    for (const endMs = lab.clock.now() + forMs; lab.clock.now() < endMs; ) {
      await measure(value, labels);
      await lab.clock.advance(10 * SECOND - 10);
    }
  };
  const stored = async (name: string) => {
    await lab.engine.ingest.flush();
    return lab.storage.samples.select(
      [{ label: '__name__', operator: '=', value: name }],
      0,
      lab.clock.now(),
    );
  };
  return { lab, plan, measure, stays, stored, titles: () => lab.mailbox('chat').titles() };
}

describe('an alerting rule', () => {
  it('fires when a sample arrives that makes it true, without waiting for its interval', async () => {
    const { lab, measure, stays, titles } = await ruleLab(rulesOf(HOT));
    await stays(20, MINUTE);
    await measure(90);
    expect(titles()).toEqual(['attic is hot']);
    expect(lab.alert()).toMatchObject({
      ...{ rule: 'Hot', severity: 'critical', type: 'hot', value: 90, threshold: 80 },
      ...{ labels: { alertname: 'Hot', room: 'attic', severity: 'critical' }, message: 'It has 90 degrees.' },
    });
  });

  it('is over when a sample arrives that says so, and whoever was told hears it', async () => {
    const { lab, measure, stays, titles } = await ruleLab(rulesOf(HOT));
    await stays(20, MINUTE);
    await measure(90);
    await measure(20);
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(titles()).toEqual(['attic is hot', 'Over: attic is hot']);
  });

  it('waits as long as `for` says, and is pending meanwhile', async () => {
    const { lab, stays, titles } = await ruleLab(rulesOf(HOT_FOR_5M));
    await stays(90, 4 * MINUTE);
    expect([titles(), lab.engine.alerts.pending().map(({ rule }) => rule)]).toEqual([[], ['Hot']]);
    await stays(90, 2 * MINUTE);
    expect(titles()).toEqual(['attic is hot']);
  });

  it('raises one alert for each label set', async () => {
    const { lab, measure, stays } = await ruleLab(rulesOf(HOT));
    await stays(20, MINUTE);
    await measure(90);
    await measure(95, { room: 'cellar' });
    expect(
      lab.engine.alerts
        .firing()
        .map(({ labels }) => labels.room)
        .sort(),
    ).toEqual(['attic', 'cellar']);
  });

  it('is not raised by what is late: nobody is paged about the past', async () => {
    const { measure, stays, lab, titles } = await ruleLab(rulesOf(HOT));
    await stays(20, 10 * MINUTE);
    const back = lab.clock.now() - 8 * MINUTE;
    for (let step = 0; step < 10; step++) await measure(99, { room: 'attic' }, back + step * 1_000 + 1);
    await stays(20, MINUTE);
    expect(titles()).toEqual([]);
  });

  it('leaves the series that Prometheus leaves, and marks their end', async () => {
    const { stays, measure, stored, lab } = await ruleLab(rulesOf(HOT_FOR_5M));
    await stays(90, 6 * MINUTE);
    const states = (await stored('ALERTS')).map(({ series }) => series.labels.alertstate);
    expect(states.sort()).toEqual(['firing', 'pending']);
    expect(await stored('ALERTS_FOR_STATE')).toHaveLength(1);
    await measure(20);
    await lab.clock.advance(MINUTE);
    for (const { values } of await stored('ALERTS'))
      expect(isStalenessMark(values[values.length - 1] as number)).toBe(true);
  });

  it('that cannot be evaluated says why, and disturbs no other', async () => {
    const broken = '- alert: Broken\n  expr: temperature + on(job) group_left temperature';
    const { lab, measure, stays, titles } = await ruleLab(rulesOf(broken, HOT));
    await measure(90, { room: 'cellar' });
    await stays(90, MINUTE);
    const [group] = lab.engine.rules.groups();
    expect(group?.rules.map(({ health }) => health)).toEqual(['failing', 'ok']);
    expect(group?.rules[0]?.failure).toContain('many-to-many matching not allowed');
    expect([...titles()].sort()).toEqual(['attic is hot', 'cellar is hot']);
  });

  it('that looks back further than is kept in memory is evaluated over the store', async () => {
    const trend = '- alert: Rising\n  expr: delta(temperature[6h]) > 5';
    const { lab, measure } = await ruleLab(rulesOf(trend));
    for (let step = 0; step < 8; step++) {
      await measure(20 + step);
      await lab.clock.advance(30 * MINUTE);
    }
    expect(lab.engine.alerts.firing().map(({ rule }) => rule)).toEqual(['Rising']);
  });
});

describe('a recording rule', () => {
  it('is there for the rules behind it in the same evaluation, and in the store', async () => {
    const recording = '- record: room:temperature:max\n  expr: max(temperature)';
    const reader = '- alert: HotHouse\n  expr: room:temperature:max > 80';
    const { lab, stays, stored } = await ruleLab(rulesOf(recording, reader));
    await stays(90, 40 * SECOND);
    expect(lab.engine.alerts.firing().map(({ rule }) => rule)).toEqual(['HotHouse']);
    expect((await stored('room:temperature:max'))[0]?.values[0]).toBe(90);
  });
});

describe('after a restart', () => {
  it('is not taken for over because a crash came right after it was told', async () => {
    const rules = rulesOf(HOT);
    const first = await ruleLab(rules);
    await first.stays(20, MINUTE);
    await first.measure(90);
    expect(first.titles()).toEqual(['attic is hot']);
    const second = await ruleLab(rules, first.lab);
    await second.lab.clock.advance(MINUTE);
    expect(second.lab.engine.alerts.firing()).toHaveLength(1);
    expect(second.titles()).toEqual(['attic is hot']);
  });

  it('nothing is told twice, and what is over meanwhile is told', async () => {
    const rules = rulesOf(HOT);
    const first = await ruleLab(rules);
    await first.stays(20, MINUTE);
    await first.measure(90);
    await first.lab.engine.ingest.flush();
    const second = await ruleLab(rules, first.lab);
    await second.stays(90, 2 * MINUTE);
    expect(second.titles()).toEqual(['attic is hot']);
    await second.lab.engine.ingest.flush();
    const third = await ruleLab(rules, second.lab);
    await third.stays(20, 2 * MINUTE);
    expect(third.titles()).toEqual(['attic is hot', 'Over: attic is hot']);
  });

  it('a condition that was waiting goes on waiting from where it was', async () => {
    const rules = rulesOf(HOT_FOR_5M.replace('5m', '30m'));
    const first = await ruleLab(rules);
    await first.stays(90, 25 * MINUTE);
    await first.lab.engine.ingest.flush();
    const second = await ruleLab(rules, first.lab);
    // Ten minutes at least, as in Prometheus: what is measured may only be late after the restart.
    await second.stays(90, 9 * MINUTE);
    expect(second.titles()).toEqual([]);
    await second.stays(90, 3 * MINUTE);
    expect(second.titles()).toEqual(['attic is hot']);
  });
});

describe('after a pause that was longer than rules look back', () => {
  const rules = rulesOf(HOT);

  /** Fires, dies, and is started again half an hour later. */
  async function paused() {
    const first = await ruleLab(rules);
    await first.stays(20, MINUTE);
    await first.measure(90);
    await first.lab.engine.ingest.flush();
    first.lab.kill();
    await first.lab.clock.advance(30 * MINUTE);
    return ruleLab(rules, first.lab);
  }

  it('an alert whose condition goes on is not told as over', async () => {
    const { lab, stays, titles } = await paused();
    await lab.clock.advance(MINUTE);
    await stays(90, 10 * MINUTE);
    expect([titles(), lab.engine.alerts.firing().length]).toEqual([['attic is hot'], 1]);
  });

  it('an alert is over as soon as something is measured that says so', async () => {
    const { lab, stays, titles } = await paused();
    await lab.clock.advance(MINUTE);
    expect(titles()).toEqual(['attic is hot']);
    await stays(20, MINUTE);
    expect(titles()).toEqual(['attic is hot', 'Over: attic is hot']);
  });

  it('an alert of which nothing is measured any more is over when the look-back has passed', async () => {
    const { lab, titles } = await paused();
    await lab.clock.advance(4 * MINUTE);
    expect(titles()).toEqual(['attic is hot']);
    await lab.clock.advance(2 * MINUTE);
    expect(titles()).toEqual(['attic is hot', 'Over: attic is hot']);
  });
});

describe('two rules of one name in a group', () => {
  const twice = rulesOf(HOT, HOT.replace('> 80', '> 50').concat('\n  for: 10m'));

  it('raise an alert when one of them fires, whatever the other one waits for', async () => {
    const { stays, titles } = await ruleLab(twice);
    await stays(90, MINUTE);
    expect(titles()).toEqual(['attic is hot']);
  });

  it('go on each as itself after another plan', async () => {
    const { lab, plan, stays, titles } = await ruleLab(twice);
    await stays(60, 9 * MINUTE);
    const more = rulesOf(HOT, HOT.replace('> 80', '> 50').concat('\n  for: 10m'), '- record: one\n  expr: 1');
    await lab.run({ ...plan, rules: more });
    await stays(60, 30 * SECOND);
    expect(titles()).toEqual([]);
    await stays(60, 2 * MINUTE);
    expect(titles()).toEqual(['attic is hot']);
  });
});

describe('another plan', () => {
  it('leaves what has not changed alone', async () => {
    const { lab, plan, stays, titles } = await ruleLab(rulesOf(HOT));
    await stays(90, MINUTE);
    const before = lab.engine.rules.groups()[0]?.evaluations;
    await lab.run({ ...plan, rules: rulesOf(HOT) });
    expect(lab.engine.rules.groups()[0]?.evaluations).toBe(before);
    expect(titles()).toEqual(['attic is hot']);
  });

  it('lets a rule whose neighbour has changed go on waiting', async () => {
    const { lab, plan, stays, titles } = await ruleLab(rulesOf(HOT_FOR_5M));
    await stays(90, 4 * MINUTE);
    await lab.run({ ...plan, rules: rulesOf(HOT_FOR_5M, '- record: one\n  expr: 1') });
    await stays(90, 90 * SECOND);
    expect(titles()).toEqual(['attic is hot']);
  });

  it('ends the alerts of rules that are gone, and says why', async () => {
    const { lab, plan, stays, titles } = await ruleLab(rulesOf(HOT));
    await stays(90, MINUTE);
    await lab.run({ ...plan, rules: rulesOf('- record: one\n  expr: 1') });
    await lab.clock.advance(MINUTE);
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(titles()).toEqual(['attic is hot', 'Over: attic is hot']);
  });
});

describe('rules of a plugin', () => {
  const pack: RulePack = {
    name: 'weather',
    summary: 'Heat.',
    parameters: { hot_degrees: { description: 'From here on it is hot.', default: 80 } },
    rules: `groups:
  - name: heat
    interval: 30s
    rules:
      - alert: Hot
        expr: temperature > {{param "hot_degrees"}}
        annotations: { summary: '{{ $labels.room }} is hot' }
`,
  };
  const packed = (parameters: Readonly<Record<string, number>> = {}): PlannedRules => ({
    groups: [],
    packs: [{ plugin: 'weather', pack, parameters }],
  });

  it('compare with what the file says, and else with their own defaults', async () => {
    const { lab, stays, titles } = await ruleLab(packed({ hot_degrees: 30 }));
    expect(lab.engine.rules.parameters()).toMatchObject([
      { pack: 'weather', name: 'hot_degrees', value: 30, default: 80, from: 'file' },
    ]);
    await stays(40, MINUTE);
    expect(titles()).toEqual(['attic is hot']);
  });

  it('compare with what somebody has changed by API, also after a restart, until it is given back', async () => {
    const first = await ruleLab(packed());
    await first.lab.engine.rules.setParameters({ hot_degrees: 30 }, ANNA);
    await first.stays(40, MINUTE);
    expect(first.titles()).toEqual(['attic is hot']);
    const second = await ruleLab(packed(), first.lab);
    expect(second.lab.engine.rules.parameters()).toMatchObject([{ value: 30, from: 'api' }]);
    await second.lab.engine.rules.setParameters({ hot_degrees: null }, ANNA);
    await second.stays(40, MINUTE);
    expect(second.titles()).toEqual(['attic is hot', 'Over: attic is hot']);
  });

  it.each([
    ['a name that nobody knows', { cold_degrees: 1 }, "there is no parameter 'cold_degrees'"],
    ['a number that makes no rule', { hot_degrees: Number.NaN }, 'must be a number'],
  ])('refuse %s, and nothing changes', async (_, values, message) => {
    const { lab } = await ruleLab(packed());
    await expect(lab.engine.rules.setParameters(values, ANNA)).rejects.toThrow(message);
    expect(lab.engine.rules.parameters()).toMatchObject([{ value: 80, from: 'default' }]);
  });
});

describe('a server that is silent', () => {
  it('is seen by a rule that asks when it was last heard of', async () => {
    const silent = `- alert: ServerOffline
  expr: time() - labkeeper_entity_last_seen_timestamp_seconds{kind="server"} >= 180
  annotations: { summary: '{{ $labels.instance }} is offline' }`;
    const lab = new EngineLab();
    let isThere = true;
    const collector = lab.collector('nas', async () => {
      if (!isThere) throw new Error('no route to host');
      return { samples: [], entities: [{ id: 'server:nas' }] };
    });
    await lab.run({ channels: [lab.channel('chat')], collectors: [collector], rules: rulesOf(silent) });
    await lab.clock.advance(10 * MINUTE);
    expect(lab.mailbox('chat').titles()).toEqual([]);
    isThere = false;
    await lab.clock.advance(4 * MINUTE);
    expect(lab.mailbox('chat').titles()).toEqual(['nas is offline']);
    expect(lab.alert().entity).toBe('server:nas');
    await lab.clock.advance(HOUR);
    expect(lab.engine.alerts.firing()).toHaveLength(1);
  });
});
