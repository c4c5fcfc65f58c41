import { createSocket, type Socket } from 'node:dgram';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, systemClock } from '@labkeeper/core/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Address } from './address.js';
import { createNameResolver } from './name-resolver.js';
import { createNameSources, type NameSourcesSetup } from './name-sources.js';

const A = 1;
const AAAA = 28;
const NAME_ERROR = 3;

/** A name server that answers from a table: name → records; no entry: there is no such name. Names in `silent` get no answer. */
const records = new Map<string, { type: number; data: number[]; ttl: number }[]>();
const silent = new Set<string>();
const questions: string[] = [];
let server: Socket;
let setup: NameSourcesSetup;

beforeEach(async () => {
  records.clear();
  silent.clear();
  questions.length = 0;
  server = createSocket('udp4');
  server.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query);
    questions.push(`${name} ${type === A ? 'A' : 'AAAA'}`);
    if (!silent.has(`${name} ${type}`)) server.send(answer(query, { name, type, end }), port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'labkeeper-hosts-'));
  const hostsPath = join(folder, 'hosts');
  await writeFile(
    hostsPath,
    '# the lab\n192.168.1.2  nas.lan NAS # the big one\nfe80::1 router.lan\nnonsense\n',
  );
  setup = { servers: [`127.0.0.1:${server.address().port}`], hostsPath, system: async () => [] };
});
afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString());
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer(query: Buffer, { name, type, end }: { name: string; type: number; end: number }): Buffer {
  const known = records.get(name);
  const fitting = known?.filter((record) => record.type === type) ?? [];
  const head = Buffer.alloc(12);
  head.writeUInt16BE(query.readUInt16BE(0), 0);
  head.writeUInt16BE(0x8180 | (known ? 0 : NAME_ERROR), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(fitting.length, 6);
  const answers = fitting.map(({ data, ttl }) => {
    const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length, ...data]);
    record.writeUInt32BE(ttl, 6);
    return record;
  });
  return Buffer.concat([head, query.subarray(12, end), ...answers]);
}

function resolver(clock = systemClock(), changes: Partial<NameSourcesSetup> = {}) {
  return createNameResolver(clock, createNameSources(clock, { ...setup, ...changes }));
}

const V6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: NodeJS.ErrnoException) => error.code,
  );

describe('the name resolver', () => {
  it('gives both versions in turns, version 6 first, or only the wanted one', async () => {
    records.set('two.example', [
      { type: A, data: [10, 0, 0, 1], ttl: 60 },
      { type: A, data: [10, 0, 0, 2], ttl: 60 },
      { type: AAAA, data: V6, ttl: 60 },
    ]);
    const names = resolver();
    const addresses = (found: readonly Address[]) => found.map(({ address }) => address);
    expect(addresses(await names.resolve('two.example', 'any'))).toEqual([
      '2001:db8::7',
      '10.0.0.1',
      '10.0.0.2',
    ]);
    expect(addresses(await names.resolve('two.example', 4))).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(addresses(await names.resolve('two.example', 6))).toEqual(['2001:db8::7']);
  });

  it('needs no name server for addresses and for the hosts file', async () => {
    const names = resolver();
    expect(await names.resolve('10.1.2.3', 'any')).toEqual([{ address: '10.1.2.3', family: 4 }]);
    expect(await names.resolve('NAS.lan', 'any')).toEqual([{ address: '192.168.1.2', family: 4 }]);
    expect(await names.resolve('router.lan', 'any')).toEqual([{ address: 'fe80::1', family: 6 }]);
    expect(questions).toEqual([]);
  });

  it('asks once for as long as the answer says, but at most a minute', async () => {
    records.set('short.example', [{ type: A, data: [10, 0, 0, 1], ttl: 5 }]);
    records.set('long.example', [{ type: A, data: [10, 0, 0, 2], ttl: 86_400 }]);
    const clock = new ManualClock();
    const names = resolver(clock);
    const askBoth = async () => {
      await names.resolve('short.example', 'any');
      await names.resolve('long.example', 'any');
      return questions.splice(0).filter((question) => question.endsWith(' A'));
    };
    expect(await askBoth()).toEqual(['short.example A', 'long.example A']);
    await clock.advance(4_999);
    expect(await askBoth()).toEqual([]);
    await clock.advance(1);
    expect(await askBoth()).toEqual(['short.example A']);
    await clock.advance(55_000);
    expect(await askBoth()).toEqual(['short.example A', 'long.example A']);
  });

  it('asks anew after it was told to forget', async () => {
    records.set('moved.example', [{ type: A, data: [10, 0, 0, 1], ttl: 60 }]);
    const names = resolver();
    await names.resolve('moved.example', 4);
    records.set('moved.example', [{ type: A, data: [10, 0, 0, 9], ttl: 60 }]);
    names.forget('Moved.example');
    expect(await names.resolve('moved.example', 4)).toEqual([{ address: '10.0.0.9', family: 4 }]);
  });

  it('shares one question among all who ask it at the same time', async () => {
    records.set('busy.example', [{ type: A, data: [10, 0, 0, 1], ttl: 0 }]);
    const names = resolver();
    await Promise.all(Array.from({ length: 20 }, () => names.resolve('busy.example', 4)));
    expect(questions.sort()).toEqual(['busy.example A', 'busy.example AAAA']);
  });

  it('does not wait long for a version 6 that is never answered', async () => {
    records.set('half.example', [{ type: A, data: [10, 0, 0, 1], ttl: 60 }]);
    silent.add(`half.example ${AAAA}`);
    const clock = systemClock();
    const startMs = clock.monotonicMs();
    expect(await resolver(clock).resolve('half.example', 'any')).toEqual([
      { address: '10.0.0.1', family: 4 },
    ]);
    // One name server's first time-out alone would be 2000.
    expect(clock.monotonicMs() - startMs).toBeLessThan(1_500);
  });

  it('says that a name does not exist, has no address of the version, or cannot be resolved', async () => {
    records.set('four.example', [{ type: A, data: [10, 0, 0, 1], ttl: 60 }]);
    const absent = () =>
      Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
    const names = resolver(systemClock(), { system: absent });
    expect(await codeOf(names.resolve('none.example', 'any'))).toBe('ENOTFOUND');
    expect(await codeOf(names.resolve('four.example', 6))).toBe('NO_SUCH_ADDRESS');
    const deaf = resolver(systemClock(), { servers: ['127.0.0.1:1'] });
    expect(await codeOf(deaf.resolve('four.example', 'any'))).toBe('ECONNREFUSED');
  });

  it('asks the system for single words, for .local and for what the name servers do not know', async () => {
    const asked: string[] = [];
    const system = async (name: string): Promise<Address[]> => {
      asked.push(name);
      return [{ address: '192.168.1.9', family: 4 }];
    };
    const names = resolver(systemClock(), { system });
    for (const name of ['printer', 'printer.local', 'box.search.example']) {
      expect(await names.resolve(name, 'any')).toEqual([{ address: '192.168.1.9', family: 4 }]);
    }
    expect(asked).toEqual(['printer', 'printer.local', 'box.search.example']);
  });

  it('takes at most two threads of the process for questions to the system', async () => {
    let running = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    const system = () =>
      new Promise<Address[]>((resolve) => {
        most = Math.max(most, ++running);
        answers.push(() => {
          running--;
          resolve([{ address: '192.168.1.9', family: 4 }]);
        });
      });
    const names = resolver(systemClock(), { system });
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => names.resolve(name, 'any')));
    for (let answered = 0; answered < 5; ) {
      await new Promise((resolve) => setImmediate(resolve));
      for (const next of answers.splice(0)) {
        next();
        answered++;
      }
    }
    expect(await all).toHaveLength(5);
    expect(most).toBe(2);
  });
});
