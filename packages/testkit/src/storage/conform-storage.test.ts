import { memoryStorage } from '@labkeeper/core/runtime';
import { conformStorage } from './conform-storage.js';

// The other side, stores that break a promise each, is in the files broken-….test.ts.
conformStorage({ name: 'memory', keeps: 'nothing', open: async () => ({ storage: memoryStorage() }) });
