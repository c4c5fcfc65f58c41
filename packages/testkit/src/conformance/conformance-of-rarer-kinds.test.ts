import {
  type Command,
  defineCommand,
  definePlugin,
  definePredictor,
  defineRemediator,
  optionsObject,
  type Predictor,
  type Remediator,
  Type,
} from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { type CommandSubject, commandCases, conformCommand } from './conform-command.js';
import { conformPlugin, pluginCases } from './conform-plugin.js';
import { allPredictorCases, conformPredictor, type PredictorSubject } from './conform-predictor.js';
import { allRemediatorCases, conformRemediator, type RemediatorSubject } from './conform-remediator.js';
import { failedCases } from './failed-cases.js';

const options = optionsObject({ host: Type.String({ description: 'Whom to ask.', minLength: 1 }) });
const goodOptions = () => ({ host: 'nas' });
const invalid = [{ options: {}, code: 'CONFIG_MISSING_KEY' }] as const;

/** A lamp: the smallest thing that can be changed and put back. */
function lampSubject(change: (sound: Remediator) => Partial<Remediator> = () => ({})): RemediatorSubject {
  const lamp = { level: 3 };
  const sound = defineRemediator({
    name: 'lamp',
    summary: 'Dims a lamp.',
    options,
    actions: {
      dim: {
        summary: 'Sets the level of the lamp.',
        parameters: optionsObject({
          level: Type.Integer({ description: 'The new level.', minimum: 0, maximum: 9 }),
        }),
        risk: 'low',
        reversible: 'yes',
        effect: { kind: 'none', reason: 'Nobody measures the light.' },
        describe: ({ parameters }) => `Would set the lamp to ${(parameters as { level: number }).level}.`,
        snapshot: async () => ({ ...lamp }),
        execute: async ({ parameters }) => {
          lamp.level = (parameters as { level: number }).level;
          return { success: true, output: 'done' };
        },
        rollback: async (_, snapshot) => {
          Object.assign(lamp, snapshot);
          return { success: true, output: 'put back' };
        },
      },
    },
  });
  return {
    remediator: { ...sound, ...change(sound) },
    options: goodOptions,
    invalid,
    examples: [
      {
        action: 'dim',
        entity: 'device:lamp',
        parameters: { level: 0 },
        invalid: [{ parameters: { level: '0; rm -rf /' }, code: 'CONFIG_WRONG_TYPE' }],
        observe: async () => ({ ...lamp }),
      },
    ],
  };
}

/** The sound lamp with its one action changed. */
function lampWith(change: Partial<Remediator['actions'][string]>): RemediatorSubject {
  return lampSubject(({ actions }) => ({
    actions: { dim: { ...actions.dim, ...change } as Remediator['actions'][string] },
  }));
}

conformRemediator(lampSubject());

describe('the remediator suite catches', () => {
  it('an action that claims to be reversible without a rollback', async () => {
    expect(await failedCases(allRemediatorCases, lampWith({ rollback: undefined }))).toContain(
      'can undo what it calls reversible',
    );
  });

  it('an example that changes nothing, so that a rollback proves nothing', async () => {
    const subject = lampWith({ execute: async () => ({ success: true, output: 'done' }) });
    expect(await failedCases(allRemediatorCases, subject)).toContain('puts back what it changed');
  });

  it('a rollback that restores nothing', async () => {
    const subject = lampWith({ rollback: async () => ({ success: true, output: 'nothing done' }) });
    expect(await failedCases(allRemediatorCases, subject)).toContain('puts back what it changed');
  });

  it('a snapshot that does not survive the database', async () => {
    const subject = lampWith({ snapshot: async () => new Map([['level', 3]]) });
    expect(await failedCases(allRemediatorCases, subject)).toContain('puts back what it changed');
  });

  it('parameters that accept anything', async () => {
    const subject = lampWith({ parameters: Type.Object({ level: Type.Any({ description: 'Anything.' }) }) });
    expect(await failedCases(allRemediatorCases, subject)).toEqual(
      expect.arrayContaining([
        'describes every action and its parameters',
        'refuses faulty parameters with the code that says why',
      ]),
    );
  });

  it('an action that nobody has shown to work', async () => {
    const subject = lampSubject(({ actions }) => ({
      actions: { ...actions, explode: { ...actions.dim } as Remediator['actions'][string] },
    }));
    expect(await failedCases(allRemediatorCases, subject)).toContain('has an example for every action');
  });
});

function predictorSubject(change: Partial<Predictor> = {}): PredictorSubject {
  const sound = definePredictor({
    name: 'fill',
    summary: 'Foresees a full disk.',
    options,
    schedule: { every: '5m', timeout: '30s' },
    predict: async ({ query, clock, options: { host } }) => {
      const nowMs = clock.now();
      const [series] = await query.select(
        [{ label: '__name__', operator: '=', value: 'used' }],
        nowMs - 3_600_000,
        nowMs,
      );
      if (!series) return [];
      return [
        {
          type: 'disk_full',
          entity: `server:${host}`,
          severity: 'high',
          expectedAtMs: nowMs + 3_600_000,
          confidence: 0.9,
          message: 'The disk is full in an hour.',
          recommendation: 'Delete something.',
        },
      ];
    },
  });
  return {
    predictor: { ...sound, ...change },
    options: goodOptions,
    invalid,
    history: () => ({ series: [{ name: 'used', labels: {} }], timesMs: [-60_000], values: [0.9] }),
  };
}

conformPredictor(predictorSubject());

describe('the predictor suite catches', () => {
  it('a prophet without history', async () => {
    const certain = {
      type: 'x',
      entity: 'server:nas',
      severity: 'low',
      confidence: 7,
      message: 'm',
      recommendation: 'r',
    } as const;
    const subject = predictorSubject({ predict: async () => [{ ...certain, expectedAtMs: 1 }] });
    expect(await failedCases(allPredictorCases, subject)).toEqual([
      'foresees nothing where there is no history',
      'foresees something in its own example, in the future and with a confidence',
    ]);
  });

  it('a predictor that does nothing', async () => {
    expect(await failedCases(allPredictorCases, predictorSubject({ predict: undefined }))).toContain(
      'predicts or observes, on a schedule that can be kept',
    );
  });
});

function commandSubject(change: Partial<Command> = {}): CommandSubject {
  const sound = defineCommand({
    name: 'vms',
    summary: 'Lists virtual machines.',
    options: optionsObject({ node: Type.Optional(Type.String({ description: 'Only of this node.' })) }),
    permission: 'viewer',
    confirmation: 'none',
    run: async () => ({
      blocks: [{ kind: 'table', columns: ['name', 'state'], rows: [['plex', 'running']] }],
    }),
  });
  return {
    command: { ...sound, ...change },
    options: () => ({ node: 'pve1' }),
    invalid: [{ options: { nod: 'pve1' }, code: 'CONFIG_UNKNOWN_KEY' }],
  };
}

conformCommand(commandSubject());

describe('the command suite catches', () => {
  it('an answer without words', async () => {
    const subject = commandSubject({ run: async () => ({ blocks: [] }) });
    expect(await failedCases(commandCases, subject)).toEqual(['answers with blocks that say something']);
  });

  it('a table with ragged rows', async () => {
    const subject = commandSubject({
      run: async () => ({ blocks: [{ kind: 'table', columns: ['a', 'b'], rows: [['1']] }] }),
    });
    expect(await failedCases(commandCases, subject)).toEqual(['answers with blocks that say something']);
  });
});

const { command } = commandSubject();
const soundPlugin = definePlugin({
  name: 'lamp',
  summary: 'Everything about lamps.',
  remediators: [lampSubject().remediator],
  commands: [command],
});

conformPlugin(soundPlugin);

describe('the plugin suite catches', () => {
  it('a plugin that contributes nothing', async () => {
    expect(
      await failedCases(pluginCases, { plugin: definePlugin({ name: 'lamp', summary: 'Nothing.' }) }),
    ).toContain('contributes something, under its own name');
  });

  it('a plugin that takes the names of others', async () => {
    expect(await failedCases(pluginCases, { plugin: { ...soundPlugin, name: 'other' } })).toContain(
      'contributes something, under its own name',
    );
  });

  it('a plugin of another contract', async () => {
    expect(await failedCases(pluginCases, { plugin: { ...soundPlugin, contract: '7.0.0' } })).toContain(
      'is made by definePlugin of this contract',
    );
  });
});
