/** One condition on a label. Regular expressions are fully anchored. The metric name is the label `__name__`. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}
