import assert from 'node:assert/strict';
import { isEntityId, type Prediction, type Predictor, type SampleBatch, SEVERITIES } from '@labkeeper/core';
import { startInstance } from '../lab/instance.js';
import { createLab } from '../lab/lab.js';
import { type ConformanceCase, type Deviation, registerCases } from './conformance-case.js';
import { type ContributionSubject, contributionCases } from './contribution-cases.js';
import { assertSchedule } from './schedule.js';

/** A predictor under test. */
export interface PredictorSubject extends ContributionSubject {
  readonly predictor: Predictor;
  /** History from which it must foresee something. Times are relative to now, so they are negative. */
  readonly history: () => SampleBatch;
}

/** Promises of predictors alone. */
const predictorCases: readonly ConformanceCase<PredictorSubject>[] = [
  {
    name: 'predicts or observes, on a schedule that can be kept',
    run({ predictor }) {
      assert.ok(predictor.predict ?? predictor.observe, 'one of predict and observe is there');
      assert.equal(
        predictor.observe === undefined,
        predictor.observes === undefined,
        'observe and observes go together',
      );
      assertSchedule(predictor.schedule);
    },
  },
  {
    name: 'foresees nothing where there is no history',
    async run(subject) {
      assert.deepEqual(await predictOnce(subject, 'empty'), []);
    },
  },
  {
    name: 'foresees something in its own example, in the future and with a confidence',
    async run(subject) {
      if (!subject.predictor.predict) return;
      const predictions = await predictOnce(subject, 'example');
      assert.ok(predictions.length > 0, 'the example history leads to a prediction');
      for (const prediction of predictions) assertPrediction(prediction);
    },
  },
];

/** Shared and own promises together. */
export const allPredictorCases: readonly ConformanceCase<PredictorSubject>[] = [
  ...contributionCases.map(({ name, run }) => ({
    name,
    run: (subject: PredictorSubject) =>
      run({
        ...subject,
        contribution: subject.predictor,
        runOnce: async (instance) => subject.predictor.predict?.(instance.run()),
      }),
  })),
  ...predictorCases,
];

/** Registers the whole suite for a predictor. Call it at the top of a test file. */
export function conformPredictor(
  subject: PredictorSubject & { readonly deviations?: readonly Deviation[] },
): void {
  const { predictor, deviations = [] } = subject;
  registerCases({
    name: `predictor ${predictor.name} conforms`,
    cases: allPredictorCases,
    subject,
    deviations,
  });
}

async function predictOnce(
  subject: PredictorSubject,
  history: 'empty' | 'example',
): Promise<readonly Prediction[]> {
  const lab = createLab();
  if (history === 'example') {
    const { series, timesMs, values } = subject.history();
    const nowMs = lab.clock.now();
    await lab.storage.samples.append({
      series,
      values,
      timesMs: Array.from(timesMs, (timeMs) => nowMs + timeMs),
    });
  }
  const instance = await startInstance(subject.predictor, subject.options(), lab);
  try {
    return (await subject.predictor.predict?.(instance.run())) ?? [];
  } finally {
    await instance.stop();
  }
}

function assertPrediction(prediction: Prediction): void {
  assert.ok(isEntityId(prediction.entity), `'${prediction.entity}' is an entity id`);
  assert.ok(SEVERITIES.includes(prediction.severity), `'${prediction.severity}' is a severity`);
  assert.ok(prediction.confidence >= 0 && prediction.confidence <= 1, 'the confidence is from 0 to 1');
  assert.ok(prediction.expectedAtMs > 0 && Number.isFinite(prediction.expectedAtMs), 'the time is a time');
  assert.ok(
    prediction.message !== '' && prediction.recommendation !== '',
    'message and recommendation say something',
  );
}
