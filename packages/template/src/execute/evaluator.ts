import { callFault, type TemplateFunction } from '../functions/template-function.js';
import type { Command, Operand, Pipeline } from '../syntax/nodes.js';
import { placeAt, TemplateError } from '../template-error.js';
import {
  hasKey,
  isMap,
  isTrue,
  type MissingKey,
  type TemplateMethod,
  TemplateStruct,
  type TemplateValue,
  typeName,
  valueAt,
} from '../value.js';
import type { TemplateLimits } from './limits.js';
import type { Variables } from './variables.js';

/**
 * Work that may wait: it yields promises and is resumed with what they became. One executor so serves both callers that wait and
 * callers that must not.
 */
export type Steps<Result> = Generator<Promise<TemplateValue>, Result, TemplateValue>;

/** What evaluating needs to know of the template and of this execution. */
export interface Evaluation {
  readonly name: string;
  readonly text: string;
  readonly functionNamed: (name: string) => TemplateFunction | undefined;
  readonly missingKey: MissingKey;
  readonly limits: TemplateLimits;
}

/** Go shows this much of the text at a fault. */
const SHOWN_LENGTH = 20;

/** Gives pipelines their values. One per execution: it counts the steps. */
export class Evaluator {
  #steps = 0;
  #at = { offset: 0, text: '' };

  constructor(private readonly evaluation: Evaluation) {}

  /** Throws for what went wrong at the place that was executed last. */
  fail(reason: string, cause?: unknown): never {
    const { name, text } = this.evaluation;
    const shown =
      this.#at.text.length > SHOWN_LENGTH ? `${this.#at.text.slice(0, SHOWN_LENGTH)}...` : this.#at.text;
    const place = placeAt(text, this.#at.offset);
    throw new TemplateError(name, place, `executing "${name}" at <${shown}>: ${reason}`, { cause });
  }

  /** Marks the place for errors, and counts. Called for every node and command. */
  step(offset: number, text: string): void {
    this.#at = { offset, text };
    if (++this.#steps > this.evaluation.limits.maxSteps)
      this.fail(`more than ${this.evaluation.limits.maxSteps} steps`);
  }

  /** The value, without declaring variables. */
  *pipeline(pipeline: Pipeline, dot: TemplateValue, variables: Variables): Steps<TemplateValue> {
    const scope: Scope = { dot, variables };
    let piped: readonly TemplateValue[] = [];
    for (const command of pipeline.commands) piped = [yield* this.#command(command, scope, piped)];
    return piped[0];
  }

  *#command(command: Command, scope: Scope, piped: readonly TemplateValue[]): Steps<TemplateValue> {
    this.step(command.offset, command.text);
    const [first, ...words] = command.operands;
    if (first.kind === 'function') return yield* this.#function(first.name, { scope, words, piped });
    if (first.kind === 'nil') return this.fail('nil is not a command');
    const isChain = 'names' in first && first.names.length > 0;
    if (!isChain && words.length + piped.length > 0)
      this.fail(`can't give argument to non-function ${command.text.split(/\s/, 1)[0]}`);
    return isChain ? yield* this.#chain(first, { scope, words, piped }) : yield* this.#operand(first, scope);
  }

  *#operand(operand: Operand, scope: Scope): Steps<TemplateValue> {
    switch (operand.kind) {
      case 'dot':
        return scope.dot;
      case 'nil':
        return null;
      case 'constant':
        return operand.value;
      case 'pipeline':
        return yield* this.pipeline(operand.pipeline, scope.dot, scope.variables);
      case 'function':
        return yield* this.#function(operand.name, { scope, words: [], piped: [] });
      case 'variable':
      case 'field':
      case 'chain':
        return yield* this.#chain(operand, { scope, words: [], piped: [] });
    }
  }

  *#chain(operand: Operand & { readonly names: readonly string[] }, words: Words): Steps<TemplateValue> {
    const { scope } = words;
    let value: TemplateValue;
    if (operand.kind === 'variable') value = scope.variables.get(operand.name);
    else if (operand.kind === 'chain') value = yield* this.#operand(operand.operand, scope);
    else value = scope.dot;
    for (const [index, name] of operand.names.entries()) {
      const isLast = index === operand.names.length - 1;
      value = yield* this.#field(value, name, isLast ? words : { scope, words: [], piped: [] });
    }
    return value;
  }

  *#field(receiver: TemplateValue, name: string, words: Words): Steps<TemplateValue> {
    const value = this.#member(receiver, name);
    if (typeof value === 'function') {
      const method: TemplateFunction = {
        parameters: ['any'],
        isVariadic: true,
        call: value as TemplateMethod,
      };
      return yield* this.#call(name, method, words);
    }
    if (words.words.length + words.piped.length > 0) this.fail(`${name} is not a method but has arguments`);
    return value;
  }

  #member(receiver: TemplateValue, name: string): TemplateValue {
    // Nothing of what is missing is missing too; nil is a value, and has no fields.
    if (receiver === undefined) return undefined;
    if (receiver === null) return this.fail(`nil pointer evaluating interface {}.${name}`);
    if (receiver instanceof TemplateStruct && Object.hasOwn(receiver.fields, name))
      return receiver.fields[name];
    if (!isMap(receiver)) return this.fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
    if (hasKey(receiver, name)) return valueAt(receiver, name);
    if (this.evaluation.missingKey === 'error') return this.fail(`map has no entry for key "${name}"`);
    return this.evaluation.missingKey === 'empty' ? '' : undefined;
  }

  *#function(name: string, words: Words): Steps<TemplateValue> {
    if (name === 'and' || name === 'or') return yield* this.#decide(name, words);
    const found = this.evaluation.functionNamed(name);
    return found ? yield* this.#call(name, found, words) : this.fail(`"${name}" is not a defined function`);
  }

  /** `and` and `or`: words behind the one that decides are never evaluated. */
  *#decide(name: 'and' | 'or', { scope, words, piped }: Words): Steps<TemplateValue> {
    if (words.length + piped.length === 0)
      this.fail(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: TemplateValue;
    for (const word of words) {
      value = yield* this.#operand(word, scope);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped.length > 0 ? piped[0] : value;
  }

  *#call(name: string, found: TemplateFunction, { scope, words, piped }: Words): Steps<TemplateValue> {
    const at = this.#at;
    const values: TemplateValue[] = [];
    for (const word of words) values.push(yield* this.#operand(word, scope));
    values.push(...piped);
    this.#at = at;
    const fault = callFault(name, found, values);
    if (fault !== undefined) this.fail(fault);
    return this.#bounded(yield* this.#result(name, found, values));
  }

  *#result(name: string, found: TemplateFunction, values: readonly TemplateValue[]): Steps<TemplateValue> {
    try {
      const result = found.call(...(values as readonly never[]));
      return result instanceof Promise ? yield result : result;
    } catch (error) {
      // A template that was called from within has its own place.
      if (error instanceof TemplateError) throw error;
      return this.fail(
        `error calling ${name}: ${error instanceof Error ? error.message : String(error)}`,
        error,
      );
    }
  }

  /** A text that doubles in a loop would fill the memory long before the steps run out. */
  #bounded(value: TemplateValue): TemplateValue {
    const { maxLength } = this.evaluation.limits;
    if (typeof value === 'string' && value.length > maxLength)
      this.fail(`text longer than ${maxLength} characters`);
    return value;
  }
}

interface Scope {
  readonly dot: TemplateValue;
  readonly variables: Variables;
}

/** The words of a command behind its first one, and what was piped into it (none or one). */
interface Words {
  readonly scope: Scope;
  readonly words: readonly Operand[];
  readonly piped: readonly TemplateValue[];
}
