import rateLimit from '@fastify/rate-limit';
import type { ApiApp } from '../api-context.js';
import { addressGroup } from './address-group.js';

/**
 * Requests of one key, or of one address without a key, within a minute. The page needs some ten to open and then one
 * stream; a screen full of elements some hundred. Who asks more often is told to wait.
 */
const MAX_REQUESTS = 3_000;
const WINDOW_MS = 60_000;

/** Keys and addresses that are counted at the same time; beyond it the longest unseen is forgotten. */
const MAX_CALLERS = 10_000;

/** Refuses who asks too often. To be added after authentication, so that the caller is known. */
export async function limitRates(app: ApiApp): Promise<void> {
  await app.register(rateLimit, {
    max: MAX_REQUESTS,
    timeWindow: WINDOW_MS,
    cache: MAX_CALLERS,
    keyGenerator: ({ actor, ip }) => actor?.id ?? addressGroup(ip),
    // Three headers in every answer are of no use to anybody here; Retry-After stays.
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
  });
}
