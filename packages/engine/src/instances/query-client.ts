import { LabkeeperError, type QueryClient, type SampleStore } from '@labkeeper/core';

/** Reads what was measured. Expressions need an evaluator, which this engine does not have yet. */
export function sampleQuery(samples: SampleStore): QueryClient {
  return {
    select: (matchers, fromMs, toMs) => samples.select(matchers, fromMs, toMs),
    instant: () => Promise.reject(unavailable()),
    range: () => Promise.reject(unavailable()),
  };
}

function unavailable(): LabkeeperError {
  return new LabkeeperError(
    'QUERY_UNAVAILABLE',
    'this installation cannot evaluate PromQL; select samples by matchers',
  );
}
