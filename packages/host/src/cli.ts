#!/usr/bin/env node
import * as nodeModule from 'node:module';

// From Node 22 on, compiled code is kept between two starts. Before anything else is imported, or it misses the point.
(nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
const { run } = await import('./cli/run.js');
await run(process.argv);
