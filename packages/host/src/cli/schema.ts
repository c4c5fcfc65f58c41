import { writeFileSync } from 'node:fs';
import { configSchema } from '../config/config-schema.js';
import { readConfigOnce, showFaults } from './read-config.js';

/** `labkeeper schema`: JSON Schema of the whole file, made from the plugins that are installed here. */
export async function schema(options: { readonly config?: string; readonly out?: string }): Promise<void> {
  const { parts, redactor, ...reading } = await readConfigOnce(options.config);
  // Faults in the file are no reason to refuse: the schema helps to mend them.
  showFaults(
    { ...reading, faults: reading.faults.filter(({ code }) => code.startsWith('PLUGIN_')) },
    redactor,
  );
  const text = `${JSON.stringify(await configSchema(parts.loader, reading.plugins), null, 2)}\n`;
  if (options.out === undefined) process.stdout.write(text);
  else writeFileSync(options.out, text);
  await parts.loader.close();
}
