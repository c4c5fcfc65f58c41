import type { Labels } from '@labkeeper/core';
import type { Expression } from '@labkeeper/promql';
import type { Template } from '@labkeeper/template';

interface RuleBase {
  /** Name of the alert, or of the metric that is recorded. */
  readonly name: string;
  readonly expressionText: string;
  readonly expression: Expression;
  /** As written, those of the group included; an alert's may hold templates. */
  readonly labels: Labels;
  readonly line: number;
  readonly column: number;
}

export interface RecordingRule extends RuleBase {
  readonly kind: 'recording';
}

/** A text with a name: a label or an annotation. */
export interface NamedTemplate {
  readonly name: string;
  readonly text: string;
  readonly template: Template;
}

export interface AlertingRule extends RuleBase {
  readonly kind: 'alerting';
  /** How long the condition must hold before the alert fires. 0: it fires at once. */
  readonly forMs: number;
  /** How long it goes on firing after the condition has ended. */
  readonly keepFiringForMs: number;
  readonly annotations: Labels;
  readonly labelTemplates: readonly NamedTemplate[];
  readonly annotationTemplates: readonly NamedTemplate[];
}

export type Rule = AlertingRule | RecordingRule;

/** Rules that are evaluated together, in their order where one needs another. Plain data but for the templates. */
export interface RuleGroup {
  readonly file: string;
  readonly name: string;
  /** Absent: whatever is the default of whoever evaluates. */
  readonly intervalMs?: number;
  /** Evaluates as of so much earlier, for data that come late. Absent: the default of whoever evaluates. */
  readonly queryOffsetMs?: number;
  /** Alerts or series that one rule may give; 0 is no limit. */
  readonly limit: number;
  readonly rules: readonly Rule[];
  readonly line: number;
  readonly column: number;
}
