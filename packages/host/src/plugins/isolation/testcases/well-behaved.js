// A third-party plugin that uses everything a context offers.
import { Type } from 'typebox';

const options = Type.Object(
  {
    // Required with a default: only filled in where TypeBox's marks survived the way between the threads.
    name: Type.String({ default: 'world' }),
    token: Type.String({ minLength: 1, 'x-labkeeper': 'secret' }),
  },
  { additionalProperties: false },
);
const schedule = { every: '30s', timeout: '10s' };

const check = {
  name: 'well-behaved',
  summary: 'Uses its context.',
  options,
  schedule,
  metrics: [],
  validate: ({ name }) =>
    name === 'nobody' ? [{ code: 'CONFIG_WRONG_VALUE', path: ['name'], message: 'Nobody is not a name.' }] : [],
  target: ({ name }) => ({ entity: `service:${name}`, host: `${name}.example`, displayName: `Hello ${name}` }),
  start: ({ log, options: { name } }) => {
    log.info('started', { name });
    return { runs: 0 };
  },
  check: async ({ options: given, state, store, query, log, secrets, clock, timeoutMs, signal }) => {
    state.runs += 1;
    const collection = store.collection({ name: 'runs' });
    await collection.put('last', { runs: state.runs });
    const stored = await collection.get('last');
    const series = await query.select([{ label: '__name__', operator: '=', value: 'up' }], 0, 1);
    secrets.protect('learned-at-run-time');
    log.child({ part: 'inner' }).warn('ran', { token: given.token, text: given.token.reveal(), learned: 'learned-at-run-time' });
    console.log(`printed ${given.token.reveal()}`);
    return {
      status: 'up',
      message: `Hello ${given.name}, ${String(given.token)}`,
      details: {
        runs: stored.value.runs,
        series: series.length,
        timeoutMs,
        aborted: signal.aborted,
        hasTime: clock.now() > 0,
        home: process.env.LABKEEPER_ADMIN_KEY ?? 'no admin key',
      },
    };
  },
  stop: (state) => {
    state.runs = 0;
  },
};

const notifier = {
  name: 'well-behaved',
  summary: 'Refuses in every typed way, as the message says.',
  options: { type: 'object', properties: {}, additionalProperties: false },
  limits: { textLength: 100, messagesPerSecond: 1, buttons: 'hidden' },
  notify: async ({ text }) => {
    if (text === 'fine') return;
    const error = new Error(`refused: ${text}`);
    if (text === 'retry') Object.assign(error, { name: 'RetryFailure', code: 'RATE_LIMITED', retryAfterMs: 7_000 });
    if (text === 'drop') Object.assign(error, { name: 'DropFailure', code: 'REQUEST_REFUSED' });
    throw error;
  },
  listen: async ({ signal, clock }, receive) => {
    await receive({ text: '/status', conversation: 'c', actor: { kind: 'chat', id: '1', name: 'Ada', role: 'viewer' } });
    await clock.sleep(60_000, signal).catch(() => undefined);
  },
};

const collector = {
  name: 'well-behaved',
  summary: 'Collects one number.',
  options: { type: 'object', properties: {}, additionalProperties: false },
  schedule,
  job: 'well',
  metrics: [{ name: 'well_behaved', type: 'gauge', help: 'One.' }],
  collect: async () => ({ samples: [{ name: 'well_behaved', value: Number.NaN }, { name: 'well_behaved', value: 1 }] }),
};

export default {
  name: 'well-behaved',
  summary: 'Does everything right.',
  contract: '0.1.0',
  checks: [check],
  notifiers: [notifier],
  collectors: [collector],
  commands: [{ name: 'well' }],
};
