import type { Fault } from './fault.js';
import { type ErrorDetails, LabkeeperError } from './labkeeper-error.js';
import type { ErrorCode } from './table.js';

/**
 * Failures are typed by what the caller does next, because that is the only thing the caller needs to know.
 * A plugin throws one of these; anything else it throws counts as {@link RetryFailure} for notifiers
 * (nothing may be lost) and as a failed run for collectors and checks.
 */
export class RetryFailure extends LabkeeperError {
  override readonly name = 'RetryFailure';
  /** Wait at least this long, as the other side asked; absent: the caller's own back-off. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails & { retryAfterMs?: number } = {}) {
    super(code, message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Trying again cannot help: the message is refused for good. The caller keeps it as dead, with the reason. */
export class DropFailure extends LabkeeperError {
  override readonly name = 'DropFailure';
}

/** Some of it worked. The caller repeats only what is named. */
export class PartialFailure extends LabkeeperError {
  override readonly name = 'PartialFailure';

  constructor(
    code: ErrorCode,
    message: string,
    /** Indexes, within what was passed, that did not work. */
    readonly failedIndexes: readonly number[],
    details: ErrorDetails = {},
  ) {
    super(code, message, details);
  }
}

/** The configuration is wrong; nothing runs until a person mends it. Stops the start with exit code 2. */
export class ConfigFailure extends LabkeeperError {
  override readonly name = 'ConfigFailure';

  constructor(readonly faults: readonly Fault[]) {
    const count = faults.length;
    super(
      faults[0]?.code ?? 'CONFIG_WRONG_VALUE',
      `${count} ${count === 1 ? 'fault' : 'faults'} in the configuration: ${faults.map((fault) => fault.message).join('; ')}`,
    );
  }
}
