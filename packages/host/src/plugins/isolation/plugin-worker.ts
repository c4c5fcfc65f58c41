import { Worker } from 'node:worker_threads';
import {
  type Clock,
  describeError,
  formatDuration,
  LabkeeperError,
  type Logger,
  type Timer,
} from '@labkeeper/core';
import type { ThreadData } from './plugin-thread.js';
import type { HostMethods, PluginDescription, ThreadMethods } from './protocol.js';
import { Rpc } from './rpc.js';

/** How often a thread that has work is asked whether its event loop still turns. One wake-up a second, and none when idle. */
const PING_MS = 1_000;

/**
 * Longest silence of an event loop. Honest work is asynchronous and blocks for milliseconds; three seconds are a loop
 * without end or a computation that starves the plugin's other tasks. Above it the thread is ended.
 */
const BLOCKED_LIMIT_MS = 3_000;

/** Longest time to import the plugin. On a slow SD card large packages take some seconds. Above it the thread is ended. */
const LOAD_LIMIT_MS = 15_000;

/** Pause before a thread that ended is started again: 1 s, 2 s, 4 s … up to a minute. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** A thread that lived longer than this begins with the shortest pause again. */
const PROVEN_MS = 10 * 60_000;

/** Memory for young objects. Small, because collectors and checks make little garbage. */
const YOUNG_GENERATION_MB = 8;

/**
 * What a plugin may see of the environment. Not a wall (a thread can read /proc), but nothing falls into its hands
 * by accident: tokens in the environment belong to the configuration.
 */
const PASSED_ENVIRONMENT = ['PATH', 'HOME', 'TZ', 'LANG', 'NODE_ENV', 'TMPDIR'] as const;

export interface PluginWorkerParts {
  readonly packageName: string;
  /** Module of the plugin. */
  readonly url: string;
  readonly memoryBytes: number;
  /** The module that runs in the thread. */
  readonly threadModule: URL;
  readonly clock: Clock;
  readonly log: Logger;
  readonly host: HostMethods;
}

/** A thread that is alive. */
interface Running {
  readonly worker: Worker;
  readonly rpc: Rpc<ThreadMethods>;
  readonly startedMs: number;
  readonly description: Promise<PluginDescription>;
  loaded: boolean;
}

/**
 * The thread of one plugin. Started by the first call, watched while it has work, ended when it hangs or outgrows its
 * memory, and started again by the next call after a pause.
 */
export class PluginWorker {
  /** Grows with every start; what was started in an older thread must be started again. */
  generation = 0;
  readonly #parts: PluginWorkerParts;
  #running: Running | undefined;
  #crashes = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #calls = 0;
  #watch: Timer | undefined;

  constructor(parts: PluginWorkerParts) {
    this.#parts = parts;
  }

  /** What the plugin offers. Rejects with what its import threw, or ISOLATION_CRASHED. */
  async describe(): Promise<PluginDescription> {
    return await this.#watched((running) => running.description);
  }

  /** Calls the thread and starts it where needed. Rejects with the plugin's error, or ISOLATION_CRASHED when the thread ends meanwhile. */
  async call<Name extends keyof ThreadMethods>(
    method: Name,
    params: Parameters<ThreadMethods[Name]>[0],
  ): Promise<Awaited<ReturnType<ThreadMethods[Name]>>> {
    return await this.#watched(async (running) => {
      await running.description;
      return await running.rpc.call(method, params);
    });
  }

  /** Tells the thread something, if there is one. */
  tell<Name extends keyof ThreadMethods>(method: Name, params: Parameters<ThreadMethods[Name]>[0]): void {
    this.#running?.rpc.send(method, params);
  }

  /** Ends the thread as faulty; everything that runs in it fails with the reason. */
  crash(reason: string): void {
    const running = this.#running;
    if (!running) return;
    const { clock, log } = this.#parts;
    const livedMs = clock.monotonicMs() - running.startedMs;
    this.#crashes = livedMs > PROVEN_MS ? 1 : this.#crashes + 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#crashes - 1));
    this.#pausedUntilMs = clock.monotonicMs() + pauseMs;
    log.warn('The thread of a plugin was ended.', {
      plugin: this.#parts.packageName,
      reason,
      pause: formatDuration(pauseMs),
    });
    this.#end(running, reason);
  }

  /** Ends the thread. Idempotent; a later call would start it again. */
  async close(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#end(running, 'The plugin is stopped.');
    await running.worker.terminate();
  }

  async #watched<Result>(work: (running: Running) => Promise<Result>): Promise<Result> {
    const running = this.#ensureRunning();
    this.#calls++;
    this.#watch ??= this.#parts.clock.setTimer(() => this.#ask(running), PING_MS);
    try {
      return await work(running);
    } finally {
      this.#calls--;
      if (this.#calls === 0) this.#stopWatching();
    }
  }

  #ensureRunning(): Running {
    if (this.#running) return this.#running;
    const waitMs = this.#pausedUntilMs - this.#parts.clock.monotonicMs();
    if (waitMs > 0)
      throw this.#crashedError(`It is started again in ${formatDuration(Math.ceil(waitMs / 1000) * 1000)}.`);
    return this.#start();
  }

  #start(): Running {
    const { url, threadModule, memoryBytes, clock, host } = this.#parts;
    const worker = new Worker(threadModule, {
      workerData: { url } satisfies ThreadData,
      env: passedEnvironment(),
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: memoryBytes / 2 ** 20,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
    });
    this.generation++;
    const rpc = new Rpc<ThreadMethods>(worker, host);
    const description = rpc.call('describe', null);
    const running: Running = { worker, rpc, startedMs: clock.monotonicMs(), description, loaded: false };
    this.#running = running;
    this.#follow(running);
    description.then(
      () => {
        running.loaded = true;
      },
      // Whoever asked is told what the import threw; a thread without a plugin is of no use.
      () => this.#crashOf(running, 'The plugin could not be imported.'),
    );
    return running;
  }

  #follow(running: Running): void {
    const { log, packageName } = this.#parts;
    running.worker.on('error', (error) => this.#crashOf(running, describeError(error)));
    running.worker.on('exit', (code) => this.#crashOf(running, `It ended by itself with code ${code}.`));
    // What a plugin prints is a log line like any other, and redacted like any other.
    for (const stream of [running.worker.stdout, running.worker.stderr]) {
      stream
        .setEncoding('utf8')
        .on('data', (text: string) => log.info(text.trimEnd(), { plugin: packageName }));
    }
  }

  #crashOf(running: Running, reason: string): void {
    if (this.#running === running) this.crash(reason);
  }

  /** Asks the event loop of the thread for a sign of life. Goes on as long as the thread has work. */
  #ask(running: Running): void {
    const { clock, memoryBytes } = this.#parts;
    const limitMs = running.loaded ? BLOCKED_LIMIT_MS : LOAD_LIMIT_MS;
    const askedMs = clock.monotonicMs();
    const look = (): void => {
      if (clock.monotonicMs() - askedMs >= limitMs)
        this.#crashOf(running, `It did not react for ${formatDuration(limitMs)}.`);
      else this.#watch = clock.setTimer(look, PING_MS);
    };
    this.#watch = clock.setTimer(look, PING_MS);
    const answer = ({ externalBytes }: { externalBytes: number }): void => {
      if (this.#running !== running || this.#calls === 0) return;
      this.#stopWatching();
      this.#watch = clock.setTimer(() => this.#ask(running), PING_MS);
      if (externalBytes > memoryBytes) this.crash(`It used ${toMegabytes(externalBytes)} beside its heap.`);
    };
    running.rpc.call('ping', null).then(answer, () => undefined);
  }

  #stopWatching(): void {
    this.#watch?.cancel();
    this.#watch = undefined;
  }

  #end(running: Running, reason: string): void {
    if (this.#running === running) {
      this.#running = undefined;
      this.#stopWatching();
    }
    running.rpc.fail(this.#crashedError(reason));
    // Ends also a loop without end. Nothing waits for it: the thread is of no interest any more.
    running.worker.terminate().catch(() => undefined);
  }

  #crashedError(reason: string): LabkeeperError {
    return new LabkeeperError(
      'ISOLATION_CRASHED',
      `The thread of ${this.#parts.packageName} is not running. ${reason}`,
    );
  }
}

function passedEnvironment(): Record<string, string> {
  const pairs = PASSED_ENVIRONMENT.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    pairs.filter((pair): pair is [(typeof PASSED_ENVIRONMENT)[number], string] => pair[1] !== undefined),
  );
}

function toMegabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
