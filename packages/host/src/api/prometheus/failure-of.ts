import { LabkeeperError } from '@labkeeper/core';
import { PromqlError } from '@labkeeper/promql';
import { PrometheusFailure } from './answer.js';

/** What was thrown, as callers of the Prometheus API know it; undefined: a fault of ours, or the framework's. */
export function failureOf(error: unknown): PrometheusFailure | undefined {
  if (error instanceof PrometheusFailure) return error;
  if (error instanceof PromqlError) return new PrometheusFailure(error.kind, error.message);
  if (!(error instanceof LabkeeperError)) return undefined;
  switch (error.code) {
    case 'STORAGE_INVALID':
      return new PrometheusFailure('bad_data', error.message);
    case 'STORAGE_UNAVAILABLE':
    case 'SERVICE_UNAVAILABLE':
      return new PrometheusFailure('unavailable', error.message);
    default:
      return undefined;
  }
}
