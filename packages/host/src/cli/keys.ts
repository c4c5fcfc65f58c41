import { existsSync } from 'node:fs';
import { LabkeeperError, type Logger, type Role } from '@labkeeper/core';
import { systemClock } from '@labkeeper/core/runtime';
import { Audit } from '@labkeeper/engine';
import { keepFilesPrivate, makeDataFolder } from '../data-folder.js';
import { auditedKeys } from '../keys/audited-keys.js';
import { answerKeyRequest, askRunningHost, type KeyAnswer, type KeyRequest } from '../keys/key-socket.js';
import { KeyStore } from '../keys/key-store.js';
import { explainError } from './explain-error.js';
import { readConfigOnce, showFaults } from './read-config.js';
import { table } from './table.js';

export interface KeyOptions {
  readonly config?: string;
  readonly data: string;
}

/** `labkeeper keys add NAME --role ROLE`: the key on standard output, everything else on standard error. */
export async function addKey(name: string, options: KeyOptions & { readonly role: string }): Promise<void> {
  await ask({ do: 'add', name, role: options.role as Role }, options, (answer) => {
    if (!('key' in answer)) return;
    process.stderr.write(
      `Key ${answer.info.id} for ${answer.info.name} (${answer.info.role}). It is shown only this once:\n`,
    );
    process.stdout.write(`${answer.key}\n`);
  });
}

/** `labkeeper keys list`. */
export async function listKeys(options: KeyOptions): Promise<void> {
  await ask({ do: 'list' }, options, (answer) => {
    if (!('keys' in answer)) return;
    const rows = answer.keys.map(({ id, name, role, createdAtMs, lastUsedAtMs }) => [
      id,
      name,
      role,
      minute(createdAtMs),
      minute(lastUsedAtMs),
    ]);
    process.stdout.write(table([['ID', 'NAME', 'ROLE', 'MADE', 'LAST USED'], ...rows]));
  });
}

/** `labkeeper keys revoke ID`. */
export async function revokeKey(id: string, options: KeyOptions): Promise<void> {
  await ask({ do: 'revoke', id }, options, (answer) => {
    if ('revoked' in answer && answer.revoked) process.stderr.write(`Key ${id} is not valid any more.\n`);
    else fail(`There is no key ${id}. \`labkeeper keys list\` shows them.`);
  });
}

async function ask(
  request: KeyRequest,
  options: KeyOptions,
  show: (answer: KeyAnswer) => void,
): Promise<void> {
  try {
    const answer =
      (await askRunningHost(options.data, request)) ?? (await answerFromStorage(request, options));
    if (answer) show(answer);
  } catch (error) {
    fail(explainError(error));
  }
}

/** Nobody holds the data folder, so this process may open it for a moment. */
async function answerFromStorage(
  request: KeyRequest,
  { config: file, data: dataDir }: KeyOptions,
): Promise<KeyAnswer | undefined> {
  const { config, parts, redactor, ...reading } = await readConfigOnce(file);
  if (!config) {
    showFaults(reading, redactor);
    process.exitCode = 2;
    return undefined;
  }
  announceNewFolder(dataDir, request);
  keepFilesPrivate();
  makeDataFolder(dataDir);
  const clock = systemClock();
  const storage = await config.storage.open({ dataDir, clock, log: errorsOnly });
  try {
    const keys = new KeyStore({ records: storage.records, clock, secrets: redactor });
    return await answerKeyRequest(auditedKeys(keys, new Audit(storage.records, clock)), request);
  } finally {
    await storage.close();
    await parts.loader.close();
  }
}

/** A mistyped folder would be made, and a key in it opens nothing. Before the first start a key may be wanted, though. */
function announceNewFolder(dataDir: string, request: KeyRequest): void {
  if (existsSync(dataDir)) return;
  if (request.do === 'add') process.stderr.write(`The data folder ${dataDir} is new.\n`);
  else throw new LabkeeperError('DATA_FOLDER_UNUSABLE', `There is no data folder ${dataDir}.`);
}

const errorsOnly: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => process.stderr.write(`${message}\n`),
  error: (message) => process.stderr.write(`${message}\n`),
  child: () => errorsOnly,
};

function minute(timeMs: number | undefined): string {
  return timeMs === undefined ? 'never' : new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
