import { showValue } from '../format/format-value.js';
import type { Branch, Node, ParsedTemplate, Pipeline, TemplateCall } from '../syntax/nodes.js';
import { isList, isMap, isTrue, sortedKeys, type TemplateValue, valueAt } from '../value.js';
import { type Evaluation, Evaluator, type Steps } from './evaluator.js';
import { Variables } from './variables.js';

/** What a body says to the loop around it. */
type Flow = 'on' | 'break' | 'continue';

/** Go's words for the value of a missing key. */
const NO_VALUE = '<no value>';

/** Executes one template once. */
export class Executor {
  readonly #evaluator: Evaluator;
  readonly #output: string[] = [];
  #length = 0;
  #depth = 0;

  constructor(
    private readonly template: ParsedTemplate,
    private readonly evaluation: Evaluation,
  ) {
    this.#evaluator = new Evaluator(evaluation);
  }

  *execute(data: TemplateValue, preset: Readonly<Record<string, TemplateValue>>): Steps<string> {
    yield* this.#nodes(this.template.body, data, new Variables(data, preset));
    return this.#output.join('');
  }

  *#nodes(nodes: readonly Node[], dot: TemplateValue, variables: Variables): Steps<Flow> {
    for (const node of nodes) {
      const flow = yield* this.#node(node, dot, variables);
      if (flow !== 'on') return flow;
    }
    return 'on';
  }

  *#node(node: Node, dot: TemplateValue, variables: Variables): Steps<Flow> {
    this.#evaluator.step(node.offset, node.kind);
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return 'on';
      case 'action': {
        const value = yield* this.#evaluator.pipeline(node.pipeline, dot, variables);
        if (node.pipeline.variables.length > 0) this.#setVariables(node.pipeline, [value], variables);
        else this.#write(value === null || value === undefined ? NO_VALUE : showValue(value));
        return 'on';
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'template':
        yield* this.#call(node, dot, variables);
        return 'on';
      default:
        return yield* this.#branch(node, dot, variables);
    }
  }

  #write(text: string): void {
    this.#length += text.length;
    const { maxLength } = this.evaluation.limits;
    if (this.#length > maxLength) this.#evaluator.fail(`result longer than ${maxLength} characters`);
    this.#output.push(text);
  }

  #setVariables(
    { variables: names, isAssignment }: Pipeline,
    values: readonly TemplateValue[],
    into: Variables,
  ): void {
    names.forEach((name, index) => {
      if (isAssignment) into.assign(name, values[index]);
      else into.declare(name, values[index]);
    });
  }

  *#branch(node: Branch, dot: TemplateValue, variables: Variables): Steps<Flow> {
    const mark = variables.mark();
    const value = yield* this.#evaluator.pipeline(node.pipeline, dot, variables);
    const flow =
      node.kind === 'range'
        ? yield* this.#range(node, value, { dot, variables })
        : yield* this.#choose(node, value, { dot, variables });
    variables.forget(mark);
    return flow;
  }

  *#choose(node: Branch, value: TemplateValue, { dot, variables }: Surroundings): Steps<Flow> {
    this.#setVariables(node.pipeline, [value], variables);
    if (!isTrue(value)) return yield* this.#nodes(node.otherwise, dot, variables);
    return yield* this.#nodes(node.body, node.kind === 'with' ? value : dot, variables);
  }

  *#range(node: Branch, value: TemplateValue, { dot, variables }: Surroundings): Steps<Flow> {
    let isEmpty = true;
    for (const [key, item] of this.#entries(value)) {
      isEmpty = false;
      const mark = variables.mark();
      this.#evaluator.step(node.offset, node.kind);
      this.#setVariables(node.pipeline, node.pipeline.variables.length > 1 ? [key, item] : [item], variables);
      const flow = yield* this.#nodes(node.body, item, variables);
      variables.forget(mark);
      if (flow === 'break') break;
    }
    return isEmpty ? yield* this.#nodes(node.otherwise, dot, variables) : 'on';
  }

  *#entries(value: TemplateValue): Generator<[TemplateValue, TemplateValue]> {
    if (value === null || value === undefined) return;
    if (isList(value)) for (const [index, item] of value.entries()) yield [BigInt(index), item];
    else if (isMap(value)) for (const key of sortedKeys(value)) yield [key, valueAt(value, key)];
    else if (typeof value === 'bigint') for (let count = 0n; count < value; count++) yield [count, count];
    else this.#evaluator.fail(`range can't iterate over ${showValue(value)}`);
  }

  *#call(node: TemplateCall, dot: TemplateValue, variables: Variables): Steps<void> {
    const body = this.template.definitions.get(node.name);
    if (!body) return this.#evaluator.fail(`template "${node.name}" not defined`);
    const { maxDepth } = this.evaluation.limits;
    if (++this.#depth > maxDepth) this.#evaluator.fail(`exceeded maximum template depth (${maxDepth})`);
    const data = node.pipeline && (yield* this.#evaluator.pipeline(node.pipeline, dot, variables));
    yield* this.#nodes(body, data, new Variables(data));
    this.#depth--;
  }
}

interface Surroundings {
  readonly dot: TemplateValue;
  readonly variables: Variables;
}
