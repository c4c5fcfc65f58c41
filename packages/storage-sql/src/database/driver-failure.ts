/**
 * An error that came out of a database driver. The dialects wrap what their driver throws, so that it can be told from an
 * error of the work inside a transaction, which must reach its caller as it is.
 */
export class DriverFailure extends Error {
  override readonly name = 'DriverFailure';

  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Runs a call to the driver. */
export async function callDriver<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof DriverFailure ? error : new DriverFailure(error);
  }
}
