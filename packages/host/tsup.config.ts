import { bundle } from '../../build/tsup.js';

export default bundle({
  // Started as a worker thread, by its own file name.
  entry: { 'plugin-thread': 'src/plugins/isolation/plugin-thread.ts' },
  // Packages of many small files, each of which Node finds, reads and compiles by itself: TypeBox alone took 0.2 s of every
  // start, and takes 0.03 s inside the bundle. Packages of this repository stay outside: they must exist once.
  noExternal: [/^typebox/, 'import-meta-resolve'],
});
