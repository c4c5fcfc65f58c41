import { open } from 'node:fs/promises';

/** A new name survives a power cut only when the folder is synced too. Where folders cannot be opened, it needs not be. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
