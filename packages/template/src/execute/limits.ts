/** Bounds of one execution, so that no text and no data can hold the process. */
export interface TemplateLimits {
  /** Characters of the result, and of every text on the way. Default 1 MiB. */
  readonly maxLength: number;
  /** Nodes and commands that are executed. Default 100,000. */
  readonly maxSteps: number;
  /** Templates that call one another. Default 100. */
  readonly maxDepth: number;
}

export const DEFAULT_LIMITS: TemplateLimits = { maxLength: 1_048_576, maxSteps: 100_000, maxDepth: 100 };
