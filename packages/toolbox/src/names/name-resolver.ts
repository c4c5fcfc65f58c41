import { isIP } from 'node:net';
import type { Clock } from '@labkeeper/core';
import { type Address, arrangeAddresses, type IpVersion } from './address.js';
import type { Answer } from './ask-servers.js';
import { createNameSources, type NameSources } from './name-sources.js';

/**
 * Longest time an answer is used, in milliseconds, whatever its TTL says. A minute keeps a thousand checks from asking
 * the name server fifty times a second, and still notices a changed address soon.
 */
const LONGEST_KEEP_MS = 60_000;
/** Names remembered; a host checks fewer. Beyond it the oldest is forgotten and asked again. */
const REMEMBERED_NAMES = 4_096;

/** Names into addresses, without ever blocking what else the process does. */
export interface NameResolver {
  /**
   * The addresses of a name or of an address literal, at least one, best first. Rejects with an error whose `code` is
   * ENOTFOUND when there is no such name, NO_SUCH_ADDRESS when it has none of this version, and ETIMEOUT, ESERVFAIL …
   * when no name server answered.
   */
  resolve(host: string, version: IpVersion): Promise<readonly Address[]>;
  /** Forgets a name: its address did not answer, so the next one asks anew. */
  forget(host: string): void;
}

interface Kept {
  readonly addresses: readonly Address[];
  readonly untilMs: number;
}

/** Makes a resolver with a memory of its own. Programs use {@link namesOf}. */
export function createNameResolver(
  clock: Clock,
  sources: NameSources = createNameSources(clock),
): NameResolver {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<readonly Address[]>>();

  const remember = (host: string, { addresses, ttlMs }: Answer) => {
    if (ttlMs > 0) {
      kept.delete(host);
      kept.set(host, { addresses, untilMs: clock.monotonicMs() + Math.min(ttlMs, LONGEST_KEEP_MS) });
      if (kept.size > REMEMBERED_NAMES) for (const oldest of kept.keys()) return void kept.delete(oldest);
    }
  };
  /** A question that is being asked is shared by everybody who asks it meanwhile. */
  const ask = (host: string) => {
    const running = asking.get(host);
    if (running) return running;
    const answer = sources.ask(host).then((found) => {
      remember(host, found);
      return found.addresses;
    });
    asking.set(host, answer);
    const done = () => void asking.delete(host);
    answer.then(done, done);
    return answer;
  };
  return {
    async resolve(host, version) {
      const name = host.toLowerCase();
      const literal = isIP(name);
      const known = kept.get(name);
      const addresses =
        literal === 4 || literal === 6
          ? [{ address: name, family: literal } as const]
          : known && known.untilMs > clock.monotonicMs()
            ? known.addresses
            : await ask(name);
      const fitting = arrangeAddresses(addresses, version);
      if (fitting.length === 0) throw noAddress(host, version);
      return fitting;
    },
    forget: (host) => void kept.delete(host.toLowerCase()),
  };
}

/** The resolver that everything with the same clock shares: one for a running program, one for each test. */
export function namesOf(clock: Clock): NameResolver {
  const known = shared.get(clock);
  if (known) return known;
  const made = createNameResolver(clock);
  shared.set(clock, made);
  return made;
}

const shared = new WeakMap<Clock, NameResolver>();

function noAddress(host: string, version: IpVersion): Error {
  return Object.assign(new Error(`no IPv${version} address for ${host}`), { code: 'NO_SUCH_ADDRESS' });
}
