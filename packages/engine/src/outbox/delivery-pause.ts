import { fingerprint } from '@labkeeper/core';
import { backOffMs } from '../instances/back-off.js';
import type { OutboxRow } from './outbox-row.js';

/** The pause after a failed delivery grows from here… */
const FIRST_MS = 1_000;
/** …to here: so long a channel that works again goes unnoticed, and so often a dead one is written of and knocked at. */
const LONGEST_MS = 60_000;
/** The other side may ask for a longer pause, but not for one in which a whole night's messages would wait. */
export const LONGEST_ASKED_MS = 3_600_000;
/** Share by which a pause may be longer or shorter, so that many channels of one provider do not knock together. */
const JITTER = 0.2;

/** How long to wait after an attempt of `row` failed, `failures` in a row on its channel. */
export function deliveryPauseMs(row: OutboxRow, failures: number): number {
  const pauseMs = backOffMs(failures, { firstMs: FIRST_MS, longestMs: LONGEST_MS });
  return pauseMs * (1 - JITTER + 2 * JITTER * chance(`${row.id} ${row.attempts}`));
}

/** A number from 0 up to 1 that looks random and is the same for the same text, so that tests need no dice. */
function chance(text: string): number {
  return Number.parseInt(fingerprint({ text }).slice(-8), 16) / 2 ** 32;
}
