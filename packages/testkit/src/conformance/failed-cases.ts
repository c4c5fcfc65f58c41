import type { ConformanceCase } from './conformance-case.js';

/**
 * Names of the cases that a subject fails, in order. For testing a suite itself with deliberately broken implementations,
 * and for authors who want to show which promise a half-done plugin does not keep yet.
 */
export async function failedCases<Subject>(
  cases: readonly ConformanceCase<Subject>[],
  subject: Subject,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run(subject);
    } catch {
      failed.push(name);
    }
  }
  return failed;
}
