import type { Actor, Labels, Matcher, Severity } from '@labkeeper/core';
import type { ChannelWishes, Plan, RuleAlert } from '../index.js';
import { EngineLab, type LabParts } from './engine-lab.js';

export const ANNA: Actor = { kind: 'user', id: 'anna', name: 'Anna', role: 'operator' };
/** Key of the group whose alerts a lab makes up. */
const LAB_GROUP = 'rules.yml;lab';
const EVERYTHING = {
  severities: ['critical', 'high', 'medium', 'low'] as readonly Severity[],
  kinds: ['alert.firing', 'alert.resolved', 'alert.acknowledged', 'test'] as const,
  repeatIntervalMs: 0,
};

/** A matcher as people write it: `name=value` and its three sisters. */
export function matcher(text: string): Matcher {
  const [, label = '', operator = '=', value = ''] = /^(\w+)(=~|!~|!=|=)(.*)$/s.exec(text) ?? [];
  return { label, operator: operator as Matcher['operator'], value };
}

/** A lab for alerts of rules: what the rules say is what the test says. */
export class AlertLab extends EngineLab {
  /** Label sets that are true now, by what the test calls them. */
  readonly rules = new Map<string, RuleAlert>();
  /** Groups that count as groups of the plan besides those that are in it. */
  readonly groups = new Set([LAB_GROUP]);

  constructor(parts: LabParts = {}) {
    super(parts);
    const { ruleSignals } = this.engine;
    const keepOnly = ruleSignals.keepOnly.bind(ruleSignals);
    // The test stands in for the rules: the engine's own, of which there are none, must not end its alerts.
    ruleSignals.keepOnly = (groups, reason) => keepOnly([...groups, ...this.groups], reason);
  }

  /** What a channel wants, besides everything. */
  wishes(wishes: Partial<ChannelWishes>): { readonly when: ChannelWishes } {
    return { when: { ...EVERYTHING, ...wishes } };
  }

  /** Starts, or applies another plan. One channel named `chat`, unless the plan has some. */
  async begin(plan: Partial<Plan> = {}): Promise<void> {
    await this.run({ channels: [this.channel('chat')], ...plan });
    await this.evaluate();
  }

  /** From now on an alert of a rule fires (or is pending). */
  async fires(name: string, labels: Labels = {}, more: Partial<RuleAlert> = {}): Promise<void> {
    this.rules.set(name, {
      labels: { alertname: name, ...labels },
      annotations: { summary: name, description: `${name} is wrong` },
      phase: 'firing',
      sinceMs: this.clock.now(),
      ...more,
    });
    await this.evaluate();
  }

  async ends(name: string): Promise<void> {
    this.rules.delete(name);
    await this.evaluate();
  }

  /** The rules are evaluated, and what follows from that happens. */
  async evaluate(): Promise<void> {
    void this.engine.ruleSignals.replace(LAB_GROUP, [...this.rules.values()], this.clock.now());
    await this.clock.advance(1);
  }

  /** Time passes, with an evaluation every so often. */
  async pass(ms: number, everyMs = 60_000): Promise<void> {
    for (let left = ms; left > 0; left -= everyMs) {
      await this.clock.advance(Math.min(everyMs, left));
      await this.evaluate();
    }
  }

  /** The firing alert of that rule. */
  firing(name: string) {
    return this.engine.alerts.firing().find(({ rule }) => rule === name);
  }

  async why(alertId: string): Promise<readonly string[]> {
    return (await this.engine.alerts.why(alertId)).map(({ kind, reason }) => `${kind}: ${reason}`);
  }

  /** What a channel was told: `firing A`, `over A`. */
  told(channel = 'chat'): readonly string[] {
    return this.mailbox(channel).arrived.map(({ kind, title }) => `${kind.replace('alert.', '')} ${title}`);
  }

  override reborn(parts: LabParts = {}): AlertLab {
    this.kill();
    const lab = new AlertLab({ clock: this.clock, storage: this.storage, ...parts });
    for (const [name, puppet] of this.puppets) lab.puppets.set(name, puppet);
    for (const [name, mailbox] of this.mailboxes) lab.mailboxes.set(name, mailbox);
    for (const [name, alert] of this.rules) lab.rules.set(name, alert);
    return lab;
  }
}
