import { listOffers } from '../plugins/list-offers.js';
import { readConfigOnce, showFaults } from './read-config.js';
import { table } from './table.js';

/** `labkeeper plugins`: every plugin that can be used here, what it contributes, and where its code runs. */
export async function plugins(options: { readonly config?: string }): Promise<void> {
  const { parts, redactor, ...reading } = await readConfigOnce(options.config);
  showFaults(reading, redactor);
  const rows = await listOffers(parts.loader, reading.plugins);
  const cells = rows.map(({ packageName, version, contributions, isolation, origin }) => [
    packageName,
    version,
    contributions.join(', '),
    isolation,
    origin,
  ]);
  process.stdout.write(table([['PLUGIN', 'VERSION', 'CONTRIBUTES', 'ISOLATION', 'ORIGIN'], ...cells]));
  await parts.loader.close();
  if (reading.faults.length > 0) process.exitCode = 1;
}
