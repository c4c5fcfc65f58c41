import type { Check } from './check.js';

export const generatedCheck: Check = {
  name: 'generated',
  needsBuild: true,
  async run() {
    // Loaded here because it imports the built core, which the other checks can do without.
    const { generateFiles, staleFiles } = await import('../generate/generate.js');
    const files = await generateFiles();
    return {
      faults: staleFiles(files).map(({ path }) => `${path}: is out of date. Run: npm run generate`),
      summary: `${files.length} generated files are up to date`,
    };
  },
};
