import { LabkeeperError, Type } from '@labkeeper/core';
import { actorOf, changing, readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { choice, mapOf, nullable, shape } from '../schemas/shape.js';

const tags = ['rules'];

const thresholdShape = shape('Threshold', {
  name: Type.String({ examples: ['disk_warning_percent'] }),
  value: Type.Number(),
  default: Type.Number(),
  from: choice(['default', 'file', 'api'], { description: 'Where the value comes from.' }),
  description: Type.String(),
  rules: Type.String({ description: 'Name of the rules that it belongs to.' }),
});

const thresholdsShape = shape('Thresholds', {
  thresholds: mapOf(Type.Number(), { description: 'The values that count, by name.' }),
  items: Type.Array(thresholdShape),
});

/** `/api/v1/config/thresholds`: the numbers that the rules of plugins compare with. */
export function thresholdRoutes(app: ApiApp, { engine }: ApiContext): void {
  const answer = () => {
    const parameters = engine.rules.parameters();
    return {
      thresholds: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
      items: parameters.map(({ pack, ...parameter }) => ({ ...parameter, rules: pack })),
    };
  };

  app.get(
    '/api/v1/config/thresholds',
    {
      config: readable('viewer'),
      schema: { summary: 'Thresholds of the rules', tags, response: { 200: thresholdsShape } },
    },
    async () => answer(),
  );

  app.put(
    '/api/v1/config/thresholds',
    {
      config: changing('admin', 'threshold.update', ({ body }) => namesOf(body)),
      schema: {
        summary: 'Change thresholds; those that are not named stay, null gives one back to the file',
        tags,
        body: shape('ThresholdChange', { thresholds: mapOf(nullable(Type.Number())) }),
        response: { 200: thresholdsShape },
      },
    },
    async (request) => {
      const { thresholds } = request.body;
      if (Object.keys(thresholds).length === 0)
        throw new LabkeeperError('VALIDATION_ERROR', 'thresholds: at least one is needed.', {
          field: 'thresholds',
        });
      await engine.rules.setParameters(thresholds, actorOf(request));
      return answer();
    },
  );
}

/** Names for the audit log; the request may have been refused before it was read. */
function namesOf(body: unknown): string {
  const { thresholds } = (body ?? {}) as { readonly thresholds?: unknown };
  if (typeof thresholds !== 'object' || thresholds === null) return '';
  return Object.keys(thresholds).join(', ').slice(0, 200);
}
