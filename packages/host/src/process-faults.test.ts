import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { recordingLog } from '../fixtures/recording-log.js';
import { watchProcessFaults } from './process-faults.js';

function setUp() {
  const log = recordingLog();
  const process = new EventEmitter();
  const exits: number[] = [];
  const pluginOf = (stack: string) => (stack.includes('plugin-broken') ? 'plugin-broken' : undefined);
  const faults = watchProcessFaults({ log, process, pluginOf, exit: (code) => void exits.push(code) });
  return { log, process, exits, faults };
}

const errorFrom = (path: string) =>
  Object.assign(new Error('oops'), { stack: `Error: oops\n    at run (${path})` });

describe('faults outside any task', () => {
  it('end the process after an exception that nobody caught', () => {
    const { process, exits, log } = setUp();
    process.emit('uncaughtException', errorFrom('/x/engine.js:1:1'));
    expect(exits).toEqual([1]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { error: { message: 'oops' } } }]);
  });

  it('are survived, counted and attributed when a promise was forgotten', () => {
    const { process, exits, log, faults } = setUp();
    process.emit('unhandledRejection', errorFrom('/x/node_modules/plugin-broken/dist/index.js:1:1'));
    process.emit('unhandledRejection', 'only a text');
    expect(exits).toEqual([]);
    expect(faults.unhandledRejections).toBe(2);
    expect(log.lines.map(({ fields }) => fields.plugin)).toEqual(['plugin-broken', undefined]);
  });
});
