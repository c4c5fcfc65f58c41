import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformPlugin } from '@labkeeper/testkit';
import { expect, it } from 'vitest';
import plugin from './index.js';

conformPlugin(plugin);

it('explains every option of every adapter in its README', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const options = plugin.storages?.flatMap(({ name, options: schema }) => {
    const { properties = {} } = schema as {
      properties?: Readonly<Record<string, { readonly description: string }>>;
    };
    return Object.entries(properties).map(([option, { description }]) => ({ name, option, description }));
  });
  expect(options?.length).toBeGreaterThan(2);
  for (const { name, option, description } of options ?? []) {
    expect(readme).toMatch(new RegExp(`^\\| \`${name}\` \\| \`${option}\` \\|`, 'm'));
    expect(readme.replaceAll('`', '')).toContain(description);
  }
});
