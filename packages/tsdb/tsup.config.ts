import { bundle } from '../../build/tsup.js';

export default bundle({ entry: { 'settle-thread': 'src/settle-thread.ts' } });
