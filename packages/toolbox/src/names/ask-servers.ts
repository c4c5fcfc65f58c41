import type { RecordWithTtl, Resolver } from 'node:dns';
import type { Clock, Timer } from '@labkeeper/core';
import type { Address } from './address.js';

/** What a source knows of a name. */
export interface Answer {
  readonly addresses: readonly Address[];
  /** How long it may be used, as the source says. 0: not again. */
  readonly ttlMs: number;
}

/** How much longer the second version may take once the first is known, in milliseconds (RFC 8305, section 3, says 50). */
const SECOND_ANSWER_MS = 50;

type VersionedRecord = RecordWithTtl & { readonly family: 4 | 6 };
type Settled = readonly PromiseSettledResult<readonly VersionedRecord[]>[];

/**
 * Asks name servers for both versions at once. When one has answered, the other gets a moment more and is then left
 * out: some home routers never answer for version 6.
 */
export function askServers(servers: Resolver, name: string, clock: Clock): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const questions = [askFor(servers, name, 6), askFor(servers, name, 4)];
    let patience: Timer | undefined;
    const settle = (results: Settled) => {
      patience?.cancel();
      const records = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
      if (records.length === 0) reject(worstReason(results));
      else resolve(answerOf(records));
    };
    const wait = (value: readonly VersionedRecord[]) => {
      patience ??= clock.setTimer(() => settle([{ status: 'fulfilled', value }]), SECOND_ANSWER_MS);
    };
    for (const question of questions) question.then(wait, () => undefined);
    void Promise.allSettled(questions).then(settle);
  });
}

function answerOf(records: readonly VersionedRecord[]): Answer {
  return {
    addresses: records.map(({ address, family }) => ({ address, family })),
    ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1_000,
  };
}

function askFor(servers: Resolver, name: string, family: 4 | 6): Promise<readonly VersionedRecord[]> {
  return new Promise((resolve, reject) => {
    const done = (error: NodeJS.ErrnoException | null, records: RecordWithTtl[]) =>
      error ? reject(error) : resolve(records.map((record) => ({ ...record, family })));
    if (family === 4) servers.resolve4(name, { ttl: true }, done);
    else servers.resolve6(name, { ttl: true }, done);
  });
}

/** When one version does not exist and the other got no answer, nobody knows: that is the reason to tell. */
function worstReason(results: Settled): Error {
  const reasons = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const worst = reasons.find((reason) => !isAbsence(reason)) ?? reasons[0];
  return worst instanceof Error ? worst : new Error('no address', { cause: worst });
}

/** A name server answered, and said that there is no such name or no such record. */
export function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOTFOUND' || code === 'ENODATA';
}
