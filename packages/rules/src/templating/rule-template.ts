import type { Labels } from '@labkeeper/core';
import { parseTemplate, type Template, TemplateError, TemplateStruct } from '@labkeeper/template';
import {
  contextFunctions,
  type FunctionContext,
  PURE_FUNCTIONS,
  type TemplateQuery,
} from './rule-functions.js';

/** What a template of a rule sees. */
export interface TemplateContext {
  /** Of the sample that raised the alert, `__name__` included: `$labels`, `.Labels`. */
  readonly labels: Labels;
  /** `$value`, `.Value`. */
  readonly value: number;
  /** `$externalLabels`, `.ExternalLabels`. */
  readonly externalLabels?: Labels;
  /** `$externalURL`, `.ExternalURL`, and the functions `externalURL` and `pathPrefix`. */
  readonly externalUrl?: string;
  /** Answers the function `query`. Absent: the function fails. */
  readonly query?: TemplateQuery;
  /** Time of the evaluation, in milliseconds since the epoch: when queries are asked for. */
  readonly atMs: number;
}

const VARIABLES = ['labels', 'externalLabels', 'externalURL', 'value'] as const;
/** While parsing, only the names of the functions that depend on the evaluation count. */
const NAMED_FUNCTIONS = {
  ...PURE_FUNCTIONS,
  ...contextFunctions({ query: () => [], atMs: 0, externalUrl: '' }),
};

/**
 * Reads the template of a label or an annotation. Throws a TemplateError. `rule` is the alert's name, for messages.
 * Called once per template when a rule file is read.
 */
export function parseRuleTemplate(text: string, rule: string): Template {
  return parseTemplate(text, {
    name: `__alert_${rule}`,
    functions: NAMED_FUNCTIONS,
    variables: VARIABLES,
    missingKey: 'empty',
  });
}

/** The result, or Prometheus' text in its place for a template that fails: an alert is never lost over its words. */
export async function expandRuleTemplate(template: Template, context: TemplateContext): Promise<string> {
  try {
    return await template.execute(...execution(context));
  } catch (error) {
    return explained(error);
  }
}

/** The same at once; `query` must then answer at once, too. Called for every label and annotation of every firing alert. */
export function expandRuleTemplateNow(template: Template, context: TemplateContext): string {
  try {
    return template.executeNow(...execution(context));
  } catch (error) {
    return explained(error);
  }
}

/** Reads and expands a text. Rejects with a TemplateError. For previews; rules keep their templates. */
export async function expandTemplate(
  text: string,
  context: TemplateContext & { rule?: string },
): Promise<string> {
  return parseRuleTemplate(text, context.rule ?? '').execute(...execution(context));
}

/**
 * What would go wrong with the words of a template whatever the data: a field that alerts do not have, a call with too many words.
 * Undefined when nothing does. Called once per template; Prometheus notices such things only when the alert fires.
 */
export function dryRunFault(template: Template): TemplateError | undefined {
  const sample = { labels: {}, timeMs: 0, value: 0 };
  try {
    template.executeNow(...execution({ labels: {}, value: 0, atMs: 0, query: () => [sample] }));
    return undefined;
  } catch (error) {
    // What a function says of empty labels and zeros says nothing of the template.
    return error instanceof TemplateError && error.cause === undefined ? error : undefined;
  }
}

function explained(error: unknown): string {
  if (!(error instanceof TemplateError)) throw error;
  return `<error expanding template: error executing template: ${error.message}>`;
}

function execution(context: TemplateContext): Parameters<Template['execute']> {
  const { labels, value, externalLabels = {}, externalUrl = '', query = noQuery, atMs } = context;
  const data = { Labels: labels, Value: value, ExternalLabels: externalLabels, ExternalURL: externalUrl };
  const functionContext: FunctionContext = { query, atMs, externalUrl };
  return [
    new TemplateStruct('template.AlertData', data),
    {
      functions: contextFunctions(functionContext),
      variables: { labels, value, externalLabels, externalURL: externalUrl },
    },
  ];
}

function noQuery(): never {
  throw new Error('no query is possible here');
}
