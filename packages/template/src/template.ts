import type { Steps } from './execute/evaluator.js';
import { Executor } from './execute/executor.js';
import { DEFAULT_LIMITS, type TemplateLimits } from './execute/limits.js';
import { builtinFunctions, SHORT_CIRCUIT } from './functions/builtins.js';
import type { TemplateFunction, TemplateFunctions } from './functions/template-function.js';
import type { ParsedTemplate } from './syntax/nodes.js';
import { parseText } from './syntax/parser.js';
import type { MissingKey, TemplateValue } from './value.js';

export interface ParseOptions {
  /** For error messages. Default `template`. */
  readonly name?: string;
  /** Besides those of Go. Executions may put others in the place of these, by the same names. */
  readonly functions?: TemplateFunctions;
  /** Names, without `$`, of variables that each execution gives. */
  readonly variables?: readonly string[];
  /** Default `no value`, as in Go. */
  readonly missingKey?: MissingKey;
  readonly limits?: Partial<TemplateLimits>;
}

export interface ExecuteOptions {
  readonly functions?: TemplateFunctions;
  /** Values of the variables that were named when parsing. */
  readonly variables?: Readonly<Record<string, TemplateValue>>;
}

/** A template that has been read. Keeps nothing between executions. */
export interface Template {
  /** A text without actions: every execution gives it as it is. */
  readonly isConstant: boolean;
  /**
   * The result for these data. Functions may answer with promises. Rejects with a TemplateError for what goes wrong, limits included.
   * Called once per message.
   */
  execute(data: TemplateValue, options?: ExecuteOptions): Promise<string>;
  /** The same at once, for callers that cannot wait. Throws a TemplateError, also when a function answers with a promise. */
  executeNow(data: TemplateValue, options?: ExecuteOptions): string;
}

/**
 * Reads a template of Go's text/template: actions, pipelines, variables, branches, loops, definitions and the functions of
 * https://pkg.go.dev/text/template. Throws a TemplateError with the place of the first fault. Called once per text.
 */
export function parseTemplate(text: string, options: ParseOptions = {}): Template {
  const tables = [options.functions ?? {}, builtinFunctions(options.missingKey ?? 'no value')];
  const parsed = parseText(options.name ?? 'template', text, {
    isFunction: (name) => SHORT_CIRCUIT.has(name) || functionNamed(name, tables) !== undefined,
    variables: options.variables ?? [],
  });
  return new ReadTemplate(parsed, options, tables);
}

/** From the first table that has it. Tables are not merged: files of rules have thousands of texts with the same fifty functions. */
function functionNamed(name: string, tables: readonly TemplateFunctions[]): TemplateFunction | undefined {
  // Only own names: `constructor` and its like are found on every object.
  return tables.find((table) => Object.hasOwn(table, name))?.[name];
}

class ReadTemplate implements Template {
  readonly isConstant: boolean;

  constructor(
    private readonly parsed: ParsedTemplate,
    private readonly options: ParseOptions,
    private readonly tables: readonly TemplateFunctions[],
  ) {
    this.isConstant = parsed.body.every(({ kind }) => kind === 'text');
  }

  async execute(data: TemplateValue, options: ExecuteOptions = {}): Promise<string> {
    const steps = this.#steps(data, options);
    let state = steps.next();
    while (!state.done) {
      let value: TemplateValue;
      try {
        value = await state.value;
      } catch (error) {
        state = steps.throw(error);
        continue;
      }
      state = steps.next(value);
    }
    return state.value;
  }

  executeNow(data: TemplateValue, options: ExecuteOptions = {}): string {
    const steps = this.#steps(data, options);
    let state = steps.next();
    while (!state.done) {
      // Nobody will wait for it: its failure must not end the process as an unhandled one.
      state.value.catch(() => undefined);
      state = steps.throw(new Error('it answers later, and here nobody can wait'));
    }
    return state.value;
  }

  #steps(data: TemplateValue, { functions, variables = {} }: ExecuteOptions): Steps<string> {
    const { name, text } = this.parsed;
    const tables = functions ? [functions, ...this.tables] : this.tables;
    const executor = new Executor(this.parsed, {
      name,
      text,
      functionNamed: (called) => functionNamed(called, tables),
      missingKey: this.options.missingKey ?? 'no value',
      limits: { ...DEFAULT_LIMITS, ...this.options.limits },
    });
    return executor.execute(data, variables);
  }
}
