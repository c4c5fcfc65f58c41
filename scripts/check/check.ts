/** What one check of the repository found. */
export interface CheckResult {
  /** Each a line (or a tool's whole output) for people; empty when all is well. */
  readonly faults: readonly string[];
  /** One line: what was looked at. Shown when all is well. */
  readonly summary: string;
  /** Worth knowing, but no reason to fail. */
  readonly warnings?: readonly string[];
}

export interface Check {
  readonly name: string;
  /** Whether it reads dist/, so that the packages must be built first. */
  readonly needsBuild: boolean;
  run(): CheckResult | Promise<CheckResult>;
}
