import { createHash, randomBytes, scryptSync } from 'node:crypto';
import { LabkeeperError } from '@labkeeper/core';

/** Makes a key recognisable in a file or a leak scanner. */
const PREFIX = 'lk_';

/** 256 bits: guessing is out of the question, so nothing slower than a plain hash is needed to store it. */
const KEY_BYTES = 32;

/** Shortest key that a person may choose with LABKEEPER_ADMIN_KEY. Shorter ones are refused at start. */
const MIN_PRESET_LENGTH = 16;

/** A new random key, as its owner will send it. Shown once and never stored. */
export function newKeyText(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/**
 * What is stored instead of a key. SHA-256 and not scrypt: slow hashes protect secrets that can be guessed, and 256
 * random bits cannot; a slow hash in every request would only help whoever wants to keep the host busy. Keys that
 * people choose are never stored at all, see {@link checkPresetKey}.
 */
export function hashKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Refuses a preset key that could be guessed. It lives in the environment and in memory only. Throws KEY_INVALID. */
export function checkPresetKey(text: string): string {
  if (text.length >= MIN_PRESET_LENGTH && !/\s/.test(text)) return text;
  throw new LabkeeperError('KEY_INVALID', 'LABKEEPER_ADMIN_KEY is not acceptable.', {
    found: `${text.length} characters`,
    allowed: `at least ${MIN_PRESET_LENGTH} characters without spaces`,
  });
}

/** Rounds of the id's hash: some 10 ms at each start, and for somebody who has the database 10 ms for each guess. */
const PRESET_ID_COST = 4_096;
const PRESET_ID_BYTES = 4;

/**
 * Id of a preset key. Another key has another id, so what belongs to the old one, such as its sessions, ends with it.
 * The id is stored with what the key did; the hash is slow because a key that people choose might be guessed from it.
 */
export function presetKeyId(text: string): string {
  return `preset-${scryptSync(text, 'labkeeper-preset-key', PRESET_ID_BYTES, { N: PRESET_ID_COST }).toString('hex')}`;
}
