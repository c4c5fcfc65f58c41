// npm run generate: writes every file that follows from others.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTool } from '../run-command.js';
import { ROOT, readPackages } from '../workspace.js';

// Only what the generators read: a fault elsewhere must not keep a generated file from being mended.
const needed = readPackages().filter(
  ({ folder, kind }) => kind === 'plugin' || folder === 'core' || folder === 'host',
);
const filters = needed.map(({ manifest }) => `--filter=${manifest.name}`);
const build = await runTool('turbo', ['run', 'build', '--output-logs=errors-only', ...filters]);
if (build.code !== 0) {
  console.error(build.output);
  console.error(
    'A plugin, core or the host does not build. What it contributes cannot be known, so nothing was written.',
  );
  process.exit(1);
}
// Loaded after the build: it imports the built core.
const { generateFiles, staleFiles } = await import('./generate.js');
const files = await generateFiles();
const stale = staleFiles(files);
for (const { path, content } of stale) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), content);
  console.log(`wrote ${path}`);
}
console.log(`${files.length} generated files, ${stale.length} changed`);
if (stale.some(({ path }) => path.endsWith('/package.json'))) {
  console.log('A package.json changed. Run: npm install && npm run complete-lock');
}
