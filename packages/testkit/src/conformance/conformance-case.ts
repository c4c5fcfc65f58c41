import { describe, it } from 'vitest';

/**
 * One promise of a contract. Cases are data, so that a suite can be run by vitest for a plugin and by hand against
 * deliberately broken implementations, which is how the suites themselves are tested.
 */
export interface ConformanceCase<Subject> {
  /** A sentence about behaviour; also the name by which a deviation is declared. */
  readonly name: string;
  /** Rejects when the promise is not kept. */
  run(subject: Subject): Promise<void> | void;
}

/** A promise that a subject does not keep, with the reason for its readers. Assert the different behaviour in a test of your own. */
export interface Deviation {
  readonly case: string;
  readonly reason: string;
}

/**
 * Registers the cases as vitest tests. A declared deviation becomes a skipped test that names its reason; a deviation
 * for an unknown case throws, so that a renamed promise is not forgotten.
 */
export function registerCases<Subject>(suite: {
  name: string;
  cases: readonly ConformanceCase<Subject>[];
  subject: Subject;
  deviations?: readonly Deviation[];
}): void {
  const deviations = new Map(suite.deviations?.map((deviation) => [deviation.case, deviation.reason]));
  for (const name of deviations.keys()) {
    if (!suite.cases.some((known) => known.name === name))
      throw new RangeError(`no conformance case is called '${name}'`);
  }
  describe(suite.name, () => {
    for (const { name, run } of suite.cases) {
      const reason = deviations.get(name);
      if (reason === undefined) it(name, () => run(suite.subject));
      else it.skip(`${name} (deviates: ${reason})`, () => undefined);
    }
  });
}
