import { bundle } from '../../build/tsup.js';

export default bundle();
