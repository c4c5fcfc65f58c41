import { describe, expect, it } from 'vitest';
import { renamePath, renameWords } from './rename-example.js';

describe('renaming the example plugin', () => {
  it.each([
    [
      "import { exampleCheck } from './example-check.js';",
      "import { piHoleCheck } from './pi-hole-check.js';",
    ],
    ['type ExampleOptions = 1;', 'type PiHoleOptions = 1;'],
    ["{ name: 'example_jobs_total' }", "{ name: 'pi_hole_jobs_total' }"],
    ['process.env.EXAMPLE_URL', 'process.env.PI_HOLE_URL'],
    ["definePlugin({ name: 'example' })", "definePlugin({ name: 'pi-hole' })"],
    ["plugins: ['@labkeeper/plugin-example']", "plugins: ['@labkeeper/plugin-pi-hole']"],
    ['  - example: { url: x }', '  - pi-hole: { url: x }'],
    ["describe('the example check', f)", "describe('the pi-hole check', f)"],
    ['| `src/example.test.ts` |', '| `src/pi-hole.test.ts` |'],
  ])('turns %s into %s', (from, to) => {
    expect(renameWords(from, 'pi-hole')).toBe(to);
  });

  it.each([
    'This is right, for example, here.',
    "Type.String({ examples: ['10s'] })",
    'https://example.com/status',
    'See example.yaml.',
    '## Example',
    '* @example export default definePlugin({ })',
  ])('leaves %s as it is', (text) => {
    expect(renameWords(text, 'pi-hole')).toBe(text);
  });

  it.each([
    ['src/example-check.ts', 'src/pi-hole-check.ts'],
    ['src/example.test.ts', 'src/pi-hole.test.ts'],
    ['example.yaml', 'example.yaml'],
    ['testcases/example-queue/input.json', 'testcases/pi-hole-queue/input.json'],
  ])('calls the file %s then %s', (from, to) => {
    expect(renamePath(from, 'pi-hole')).toBe(to);
  });
});
