import { type Expression, type ParseOptions, PromqlError, parseExpression } from '@labkeeper/promql';
import { TemplateError } from '@labkeeper/template';
import { isAlias, type Node } from 'yaml';
import { dryRunFault, parseRuleTemplate } from '../templating/rule-template.js';
import { type FieldReader, type Texts, withoutPlaces } from './field-reader.js';
import type { NamedTemplate, Rule } from './rule.js';
import type { RuleFaultCode } from './rule-fault.js';
import { type RuleKey, type RuleSource, readRuleSource } from './rule-source.js';
import { placeInScalar } from './scalar-place.js';
import type { At, YamlText } from './yaml-text.js';

export interface RuleSurroundings {
  readonly group: string;
  /** Labels of the group go to every rule that has none of that name. */
  readonly groupLabels: Texts;
  readonly parse: ParseOptions;
}

/** Reads the rules of one group, and reports everything that Prometheus would refuse, in its words where it has some. */
export class RuleReader {
  constructor(
    private readonly yaml: YamlText,
    private readonly fields: FieldReader,
    private readonly surroundings: RuleSurroundings,
  ) {}

  /** The rule, or undefined when a fault leaves nothing to evaluate. */
  read(node: Node): Rule | undefined {
    const { group, groupLabels } = this.surroundings;
    const source = readRuleSource(node, group, { yaml: this.yaml, fields: this.fields });
    if (!source) return undefined;
    const kind = this.#kind(source);
    const expression = this.#expression(source);
    const texts: Texts = new Map([...groupLabels, ...source.labels]);
    const base = {
      name: source.name,
      expressionText: source.expr,
      labels: withoutPlaces(texts),
      ...this.yaml.place(node),
    };
    if (kind === 'recording') return expression && { kind, ...base, expression };
    const templates = this.#templates(source, texts);
    return kind && expression && { kind, ...base, ...templates, expression };
  }

  #kind(source: RuleSource): Rule['kind'] | undefined {
    const { record, alert, node } = source;
    if (record !== '' && alert !== '')
      this.#report(
        source,
        source.valueAt('record'),
        'RULES_WRONG_VALUE',
        "only one of 'record' and 'alert' must be set",
      );
    if (record === '' && alert === '')
      this.#report(source, node, 'RULES_MISSING', "one of 'record' or 'alert' must be set");
    if (record !== '') this.#checkRecord(source);
    if (record === '') return alert === '' ? undefined : 'alerting';
    return alert === '' ? 'recording' : undefined;
  }

  #checkRecord(source: RuleSource): void {
    const { record, forMs, keepFiringForMs, annotations } = source;
    // Every text is a name in Prometheus 3; braces are what is left of an expression that slipped into the wrong line.
    if (/[{}]/.test(record)) {
      const message = `invalid recording rule name: ${record}: braces in the name; should it be in expr?`;
      this.#report(source, source.valueAt('record'), 'RULES_WRONG_VALUE', message);
    }
    const alertOnly: readonly (readonly [RuleKey, boolean])[] = [
      ['for', forMs !== 0],
      ['keep_firing_for', keepFiringForMs !== 0],
      ['annotations', annotations.size > 0],
    ];
    for (const [key, isSet] of alertOnly)
      if (isSet)
        this.#report(
          source,
          source.keyAt(key),
          'RULES_WRONG_VALUE',
          `invalid field '${key}' in recording rule`,
        );
  }

  #expression(source: RuleSource): Expression | undefined {
    const at = source.valueAt('expr');
    if (source.expr === '') {
      this.#report(source, at, 'RULES_MISSING', "field 'expr' must be set in rule");
      return undefined;
    }
    try {
      return parseExpression(source.expr, this.surroundings.parse);
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      const message = `could not parse expression: ${error.message}`;
      this.#report(source, this.#placeIn(at, error.place?.start ?? 0), 'RULES_EXPRESSION', message);
      return undefined;
    }
  }

  #templates(source: RuleSource, labels: Texts) {
    const { annotations, forMs, keepFiringForMs } = source;
    const nameless = annotations.get('');
    if (nameless) this.#report(source, nameless.key, 'RULES_WRONG_VALUE', 'invalid annotation name: ');
    const read = (texts: Texts, kind: string): NamedTemplate[] =>
      [...texts].flatMap(
        ([name, { text, value }]) => this.#template(source, { name, kind, text, at: value }) ?? [],
      );
    return {
      ...{ forMs, keepFiringForMs, annotations: withoutPlaces(annotations) },
      labelTemplates: read(labels, 'label'),
      annotationTemplates: read(annotations, 'annotation'),
    };
  }

  #template(source: RuleSource, { name, kind, text, at }: TemplateSource): NamedTemplate | undefined {
    try {
      const template = parseRuleTemplate(text, source.name);
      const fault = dryRunFault(template);
      if (fault)
        this.yaml.warn(
          this.#templatePlace(at, text, fault),
          'RULES_TEMPLATE',
          `${kind} "${name}" will fail: ${fault.reason}`,
          source.scope,
        );
      return { name, text, template };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const place = this.#templatePlace(at, text, error);
      this.#report(source, place, 'RULES_TEMPLATE', `${kind} "${name}": ${error.message}`);
      return undefined;
    }
  }

  #templatePlace(at: Node, text: string, { line, column }: TemplateError): At {
    const linesBefore = text.split('\n').slice(0, line - 1);
    return this.#placeIn(
      at,
      linesBefore.reduce((offset, { length }) => offset + length + 1, column - 1),
    );
  }

  /** An alias is reported where it stands: what it stands for may be right elsewhere. */
  #placeIn(node: Node, valueOffset: number): At {
    return isAlias(node) ? node : placeInScalar(this.yaml.text, node, valueOffset);
  }

  #report({ scope }: RuleSource, at: At, code: RuleFaultCode, message: string): void {
    this.yaml.report(at, code, message, scope);
  }
}

interface TemplateSource {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  readonly at: Node;
}
