import { Secret } from '@labkeeper/core';
import { createRedactor, ManualClock } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { createLog, type LogParts } from './create-log.js';

function setUp(parts: Partial<LogParts> = {}) {
  const lines: string[] = [];
  const clock = new ManualClock();
  const redactor = createRedactor();
  const log = createLog({
    clock,
    redactor,
    level: 'info',
    format: 'json',
    write: (line) => void lines.push(line),
    ...parts,
  });
  const json = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, json, clock, redactor };
}

describe('the log', () => {
  it('writes one JSON object a line, with level, time and the fields of its part', () => {
    const { log, lines } = setUp();
    log.child({ part: 'api' }).warn('slow', { milliseconds: 12 });
    expect(lines).toEqual([
      '{"level":"warn","time":"2026-01-01T00:00:00.000Z","part":"api","milliseconds":12,"message":"slow"}\n',
    ]);
  });

  it('shows no secret: not in a message, a field, a nested field, an error, a key, nor in a Secret', () => {
    const { log, lines, redactor } = setUp();
    redactor.protect('hunter2hunter2');
    log.info('logged in with hunter2hunter2', {
      password: 'hunter2hunter2',
      nested: { list: ['a hunter2hunter2'], hunter2hunter2: 1 },
      error: new Error('no hunter2hunter2', { cause: new Error('hunter2hunter2') }),
      wrapped: new Secret('never-protected'),
      toJSON: undefined,
      encoded: Buffer.from('hunter2hunter2').toString('base64'),
    });
    log.child({ token: 'hunter2hunter2' }).info('child');
    expect(lines.join('')).not.toMatch(/hunter2|aHVudGVyMmh1bnRlcjI|never-protected/);
    expect(lines.join('')).toContain('[secret]');
  });

  it('shows no secret that an object puts together only while it is written', () => {
    const { log, lines, redactor } = setUp();
    redactor.protect('hunter2hunter2');
    log.info('a date of a kind', { sly: { toJSON: () => ['hunter2', 'hunter2'].join('') } });
    expect(lines.join('')).not.toContain('hunter2hunter2');
  });

  it('writes nothing below its level, which can change', () => {
    const { log, json } = setUp();
    log.debug('one');
    log.setLevel('debug');
    log.child({ part: 'x' }).debug('two');
    expect(json().map(({ message }) => message)).toEqual(['two']);
  });

  it('holds back what repeats within a minute, and says afterwards how often it was', async () => {
    const { log, json, clock } = setUp();
    for (let line = 0; line < 100; line++) log.error('no connection', { attempt: line });
    log.error('something else');
    expect(json()).toHaveLength(6);
    await clock.advance(60_000);
    expect(json().at(-1)).toMatchObject({ message: 'no connection', repeated: 95 });
    log.error('no connection');
    expect(json()).toHaveLength(8);
  });

  it('counts equal messages of different parts apart', () => {
    const { log, json } = setUp();
    for (const part of ['a', 'b']) for (let line = 0; line < 5; line++) log.child({ part }).info('same');
    expect(json()).toHaveLength(10);
  });

  it('is readable on a terminal', () => {
    const { log, lines } = setUp({ format: 'text' });
    log.child({ part: 'api' }).warn('slow request', { path: '/x', why: 'no idea' });
    expect(lines).toEqual(['00:00:00 warn  api: slow request path=/x why="no idea"\n']);
    log.setFormat('json');
    log.info('now JSON');
    expect(lines.at(-1)).toContain('{"level":"info"');
  });
});
