// A third-party plugin with one check for each way to misbehave. Written without importing anything, as plain data.
const options = { type: 'object', properties: {}, additionalProperties: false };
const schedule = { every: '30s', timeout: '10s' };
const target = () => ({ entity: 'service:misbehaving' });
const check = (name, run, more = {}) => ({ name: `misbehaving-${name}`, summary: name, options, schedule, metrics: [], target, check: run, ...more });
const kept = [];

export default {
  name: 'misbehaving',
  summary: 'Does everything wrong.',
  contract: '0.1.0',
  checks: [
    check('throws', async () => {
      throw new Error('I always throw');
    }),
    check('hangs', async () => {
      for (;;);
    }),
    check('never-ends', () => new Promise(() => undefined)),
    check('eats-memory', async () => {
      for (;;) kept.push(new Array(1_000_000).fill(Math.random()));
    }),
    check('eats-buffers', async ({ clock }) => {
      for (;;) {
        kept.push(Buffer.alloc(8 * 2 ** 20, 1));
        await clock.sleep(1);
      }
    }),
    check('exits', async () => process.exit(3)),
    check('rejects-later', async () => {
      void Promise.reject(new Error('forgotten'));
      return { status: 'up', message: 'It answers.' };
    }),
    check('answers', async () => ({ status: 'up', message: 'It answers.' })),
    check('answers-nonsense', async () => ({ status: 'up', message: () => 'a function' })),
  ],
};
