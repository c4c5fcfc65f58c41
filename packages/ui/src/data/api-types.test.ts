import { describe, expect, it } from 'vitest';
import type { components } from './api-schema.js';
import type { Alert, Check, Counts, Metrics, MetricsHistory, Page, Server, Session } from './api-types.js';

type Shapes = components['schemas'];

/** True when what the host sends fits what the page reads. Judged by the compiler, with the other types. */
type Fits<Sent, Read> = Sent extends Read ? true : false;

/** A line here that does not compile names a shape of the page that the host no longer sends. */
const fits: {
  readonly alert: Fits<Shapes['Alert'], Alert>;
  readonly alertPage: Fits<Shapes['AlertPage'], Page<Alert>>;
  readonly check: Fits<Shapes['Check'], Check>;
  readonly checkPage: Fits<Shapes['CheckPage'], Page<Check>>;
  readonly counts: Fits<Shapes['SystemStats'], Counts>;
  readonly metrics: Fits<Shapes['Metrics'], Metrics>;
  readonly metricsHistory: Fits<Shapes['MetricsHistory'], MetricsHistory>;
  readonly server: Fits<Shapes['Server'], Server>;
  readonly serverPage: Fits<Shapes['ServerPage'], Page<Server>>;
  readonly session: Fits<Shapes['Session'], Session>;
} = {
  alert: true,
  alertPage: true,
  check: true,
  checkPage: true,
  counts: true,
  metrics: true,
  metricsHistory: true,
  server: true,
  serverPage: true,
  session: true,
};

describe('the shapes that the page reads', () => {
  it('are those that the host sends', () => {
    expect(Object.values(fits).every((fit) => fit)).toBe(true);
  });
});
