import type { Clock } from '@labkeeper/core';
import type { WatchedCheck } from '../verdicts/watched-check.js';

/** A parent that fails once is asked again after this pause, until it is confirmed: a lost packet is over by then. */
const ASK_AGAIN_MS = 2_000;
/** Nobody waits longer for the parents: with three tries at ten seconds they have had their chance. */
const LONGEST_INQUIRY_MS = 60_000;

interface AskingParts {
  readonly clock: Clock;
  /** Runs a check now; resolves when its result is recorded. Must not reject. */
  readonly run: (check: WatchedCheck) => Promise<void>;
  /** Ends the asking when the engine stops. */
  readonly signal: AbortSignal;
}

/**
 * Asks the checks of everything a troubled entity needs how they are, right now, so that "the service is down" is not told
 * where "the switch is down" is the news. Resolves when each of them has a confirmed answer, or time is up. Never rejects.
 */
export async function askParents(parents: readonly WatchedCheck[], parts: AskingParts): Promise<void> {
  const enough = new AbortController();
  const end = () => enough.abort();
  parts.signal.addEventListener('abort', end, { once: true });
  const limit = parts.clock.sleep(LONGEST_INQUIRY_MS, enough.signal).catch(() => undefined);
  const asking = Promise.all(
    parents.map((parent) => askUntilSettled(parent, { ...parts, signal: enough.signal })),
  );
  await Promise.race([asking, limit]);
  end();
  parts.signal.removeEventListener('abort', end);
}

async function askUntilSettled(parent: WatchedCheck, { clock, run, signal }: AskingParts): Promise<void> {
  for (let tries = 0; tries < parent.definition.failuresBeforeDown && !signal.aborted; tries++) {
    if (tries > 0) await clock.sleep(ASK_AGAIN_MS, signal).catch(() => undefined);
    if (signal.aborted || parent.isPaused || parent.state.status === 'down') return;
    await run(parent);
    if (parent.state.raw !== 'down') return;
  }
}
