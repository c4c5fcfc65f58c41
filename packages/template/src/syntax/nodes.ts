/** A parsed template: plain data. `offset` points into the text, for errors. */
export type Node =
  | { readonly kind: 'text'; readonly text: string; readonly offset: number }
  | { readonly kind: 'action'; readonly pipeline: Pipeline; readonly offset: number }
  | Branch
  | { readonly kind: 'break' | 'continue'; readonly offset: number }
  | TemplateCall;

/** `if`, `range` and `with` have one form: a pipeline, a body, and another body for when it is empty. */
export interface Branch {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
  readonly offset: number;
}

/** `{{template "name" pipeline}}`. */
export interface TemplateCall {
  readonly kind: 'template';
  readonly name: string;
  readonly pipeline?: Pipeline;
  readonly offset: number;
}

export interface Pipeline {
  /** Variables that take the value, without `$`. Two only in `range`. */
  readonly variables: readonly string[];
  /** `=` instead of `:=`. */
  readonly isAssignment: boolean;
  readonly commands: readonly Command[];
  readonly offset: number;
  /** As written, for errors. */
  readonly text: string;
}

export interface Command {
  readonly operands: readonly [Operand, ...Operand[]];
  readonly offset: number;
  readonly text: string;
}

/** One word of a command. */
export type Operand =
  | { readonly kind: 'dot' | 'nil'; readonly offset: number }
  | { readonly kind: 'constant'; readonly value: string | number | bigint | boolean; readonly offset: number }
  | { readonly kind: 'field'; readonly names: readonly string[]; readonly offset: number }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly names: readonly string[];
      readonly offset: number;
    }
  | {
      readonly kind: 'chain';
      readonly operand: Operand;
      readonly names: readonly string[];
      readonly offset: number;
    }
  | { readonly kind: 'function'; readonly name: string; readonly offset: number }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline; readonly offset: number };

/** What a text holds: its own body, and what it defines by name. */
export interface ParsedTemplate {
  readonly name: string;
  readonly text: string;
  readonly body: readonly Node[];
  readonly definitions: ReadonlyMap<string, readonly Node[]>;
}
