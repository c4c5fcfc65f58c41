import { lookup, Resolver } from 'node:dns';
import { readFile } from 'node:fs/promises';
import type { Clock } from '@labkeeper/core';
import type { Address } from './address.js';
import { type Answer, askServers, isAbsence } from './ask-servers.js';
import { type HostsFile, parseHostsFile } from './hosts-file.js';

/** Where names come from. */
export interface NameSources {
  /** Rejects with an error whose `code` says why there is no answer. */
  ask(name: string): Promise<Answer>;
}

export interface NameSourcesSetup {
  /** Name servers as `address:port`; default: those of the system. */
  readonly servers?: readonly string[];
  readonly hostsPath?: string;
  /** The system's own resolver; replaced only in tests. */
  readonly system?: (name: string) => Promise<readonly Address[]>;
}

/** First wait for one name server, in milliseconds; each further try waits longer. Two tries end well within a check's time-out. */
const SERVER_TIMEOUT_MS = 2_000;
const SERVER_TRIES = 2;
/** How long the hosts file and the list of name servers are used before they are read again. A laptop changes networks. */
const RELOAD_AFTER_MS = 60_000;
/** The system's resolver does not say how long its answer is good. Short, because a service found by mDNS may move. */
const SYSTEM_TTL_MS = 10_000;
/**
 * The system's resolver blocks one of the four threads that files and the database need too, for half a minute when a
 * name server is silent. So it gets two of them at most, and further questions wait.
 */
const SYSTEM_LOOKUPS_AT_ONCE = 2;

/**
 * The hosts file first, then the name servers directly, and only for names that they cannot know (single words, `.local`,
 * search domains) the system's resolver. The order of the system itself, without its threads.
 */
export function createNameSources(clock: Clock, setup: NameSourcesSetup = {}): NameSources {
  const system = limitConcurrency(setup.system ?? systemLookup, SYSTEM_LOOKUPS_AT_ONCE);
  let loaded: { hosts: HostsFile; servers: Resolver; untilMs: number } | undefined;

  const load = async () => {
    if (loaded && loaded.untilMs > clock.monotonicMs()) return loaded;
    const text = await readFile(setup.hostsPath ?? '/etc/hosts', 'utf8').catch(() => '');
    loaded = {
      hosts: parseHostsFile(text),
      servers: nameServers(setup.servers),
      untilMs: clock.monotonicMs() + RELOAD_AFTER_MS,
    };
    return loaded;
  };
  const askSystem = async (name: string): Promise<Answer> => ({
    addresses: await system(name),
    ttlMs: SYSTEM_TTL_MS,
  });

  return {
    async ask(name) {
      const { hosts, servers } = await load();
      const listed = hosts.get(name);
      if (listed) return { addresses: listed, ttlMs: RELOAD_AFTER_MS };
      if (!name.includes('.') || name.endsWith('.local')) return askSystem(name);
      return askServers(servers, name, clock).catch((error: unknown) => {
        if (isAbsence(error)) return askSystem(name);
        throw error;
      });
    },
  };
}

function nameServers(servers: readonly string[] | undefined): Resolver {
  const resolver = new Resolver({ timeout: SERVER_TIMEOUT_MS, tries: SERVER_TRIES });
  if (servers) resolver.setServers(servers);
  return resolver;
}

function systemLookup(name: string): Promise<readonly Address[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true, order: 'verbatim' }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })));
    });
  });
}

/** Lets at most `limit` calls run; the others wait in order. */
function limitConcurrency<Argument, Result>(
  work: (argument: Argument) => Promise<Result>,
  limit: number,
): (argument: Argument) => Promise<Result> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (argument) => {
    // A place that becomes free goes straight to who waits longest, so nobody slips in between.
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work(argument);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
