/** What kind of mistake it is, for programs; people read the message. */
export type RuleFaultCode =
  | 'RULES_SYNTAX'
  | 'RULES_UNKNOWN_KEY'
  | 'RULES_WRONG_TYPE'
  | 'RULES_MISSING'
  | 'RULES_WRONG_VALUE'
  | 'RULES_DUPLICATE_GROUP'
  | 'RULES_DUPLICATE_RULE'
  | 'RULES_EXPRESSION'
  | 'RULES_TEMPLATE'
  | 'RULES_PARAMETER'
  | 'RULES_TOO_LARGE';

/** One thing wrong with a file of rules. Line and column begin at 1 and point at the mistake itself, also within an expression. */
export interface RuleFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly group?: string;
  /** Name of the rule, as far as it has one. */
  readonly rule?: string;
  readonly message: string;
  readonly code: RuleFaultCode;
}
