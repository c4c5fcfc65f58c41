import { type InstantValue, type Labels, labelsKey, METRIC_NAME_LABEL } from '@labkeeper/core';
import type { AlertingRule, NamedTemplate } from '../files/rule.js';
import {
  expandRuleTemplate,
  expandRuleTemplateNow,
  type TemplateContext,
} from '../templating/rule-template.js';

/** What templates see besides the sample; see {@link TemplateContext}. */
export type AlertSurroundings = Pick<TemplateContext, 'externalLabels' | 'externalUrl' | 'query'>;

/** One sample of the result with the words of the rule filled in. */
export interface ExpandedAlert {
  readonly key: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly value: number;
}

/** Fills the templates for every sample; queries of templates may be waited for. */
export async function expandAlerts(
  rule: AlertingRule,
  vector: readonly InstantValue[],
  context: AlertSurroundings & { readonly atMs: number },
): Promise<ExpandedAlert[]> {
  const expanded: ExpandedAlert[] = [];
  for (const sample of vector) {
    const seen = { ...context, labels: sample.labels, value: sample.value };
    const words = async (templates: readonly NamedTemplate[]) => {
      const texts: Record<string, string> = {};
      for (const { name, text, template } of templates)
        texts[name] = template.isConstant ? text : await expandRuleTemplate(template, seen);
      return texts;
    };
    const labels = await words(rule.labelTemplates);
    expanded.push(asAlert(rule, sample, { labels, annotations: await words(rule.annotationTemplates) }));
  }
  return expanded;
}

/** The same without a turn of the event loop; queries of templates must answer at once. */
export function expandAlertsNow(
  rule: AlertingRule,
  vector: readonly InstantValue[],
  context: AlertSurroundings & { readonly atMs: number },
): ExpandedAlert[] {
  return vector.map((sample) => {
    const seen = { ...context, labels: sample.labels, value: sample.value };
    const words = (templates: readonly NamedTemplate[]) => {
      const texts: Record<string, string> = {};
      for (const { name, text, template } of templates)
        texts[name] = template.isConstant ? text : expandRuleTemplateNow(template, seen);
      return texts;
    };
    return asAlert(rule, sample, {
      labels: words(rule.labelTemplates),
      annotations: words(rule.annotationTemplates),
    });
  });
}

function asAlert(
  rule: AlertingRule,
  sample: InstantValue,
  words: { readonly labels: Labels; readonly annotations: Labels },
): ExpandedAlert {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...sample.labels, ...words.labels, alertname: rule.name }))
    if (name !== METRIC_NAME_LABEL && value !== '') labels[name] = value;
  return { key: labelsKey(labels), labels, annotations: words.annotations, value: sample.value };
}
