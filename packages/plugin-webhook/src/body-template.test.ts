import { sampleNotification } from '@labkeeper/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody } from './body-template.js';
import { labkeeperBody } from './labkeeper-body.js';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('toJson in a template', () => {
  it('gives back every text as it was', async () => {
    const template = parseBody('{ "title": {{ toJson .title }}, "all": {{ toJson . }} }');
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (title, value) => {
        const body = labkeeperBody(sampleNotification({ title, fields: [{ label: 'Found', value }] }));
        const written = JSON.parse(await template.execute({ ...body })) as Record<string, unknown>;
        expect(written).toEqual({ title, all: body });
      }),
    );
  });

  it('knows the values that templates make themselves', async () => {
    const template = parseBody(
      '[{{ toJson 42 }}, {{ toJson 1.5 }}, {{ toJson true }}, {{ toJson (len .fields) }}]',
    );
    expect(JSON.parse(await template.execute({ ...labkeeperBody(sampleNotification()) }))).toEqual([
      42,
      1.5,
      true,
      2,
    ]);
  });
});
