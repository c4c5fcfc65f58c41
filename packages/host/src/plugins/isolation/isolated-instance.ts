import type {
  IncomingCommand,
  Notification,
  Observations,
  PluginContext,
  Reply,
  RunContext,
  Verdict,
} from '@labkeeper/core';
import type { PluginWorker } from './plugin-worker.js';
import type { IsolatedKind } from './protocol.js';
import { revealSecrets } from './reveal-secrets.js';

/** How long a run may go on after its abort. The contract says "soon"; then the thread is ended, for it cannot be asked twice. */
const ABORT_GRACE_MS = 5_000;

let nextInstanceId = 1;
let nextRunId = 1;

/** The host's side of one instance whose code runs in a thread. */
export class IsolatedInstance {
  readonly id = nextInstanceId++;
  receive: ((command: IncomingCommand) => Promise<Reply>) | undefined;
  readonly #worker: PluginWorker;
  readonly #kind: IsolatedKind;
  readonly #name: string;
  /** The thread in which this instance is started, or being started. */
  #startedIn = 0;
  #starting: Promise<void> | undefined;

  constructor(
    worker: PluginWorker,
    contribution: { readonly kind: IsolatedKind; readonly name: string },
    readonly context: PluginContext<unknown>,
  ) {
    this.#worker = worker;
    this.#kind = contribution.kind;
    this.#name = contribution.name;
  }

  /** Starts the instance in the present thread, if it is not. Rejects with what the plugin's `start` threw. */
  async start(): Promise<void> {
    await this.#worker.describe();
    const { generation } = this.#worker;
    if (this.#startedIn !== generation || !this.#starting) {
      this.#startedIn = generation;
      const params = {
        instance: this.id,
        kind: this.#kind,
        name: this.#name,
        options: revealSecrets(this.context.options),
      };
      this.#starting = this.#worker.call('start', params);
      this.#starting.catch(() => {
        this.#starting = undefined;
      });
    }
    await this.#starting;
  }

  async run(
    context: RunContext<unknown, unknown>,
    message?: Notification,
  ): Promise<Observations | Verdict | undefined> {
    await this.start();
    const run = nextRunId++;
    const stopWaiting = this.#abortWith(context, run);
    try {
      const params = {
        instance: this.id,
        run,
        timeoutMs: context.timeoutMs,
        ...(message ? { message } : {}),
      };
      return await this.#worker.call('run', params);
    } finally {
      stopWaiting();
    }
  }

  async listen(receive: (command: IncomingCommand) => Promise<Reply>): Promise<void> {
    await this.start();
    this.receive = receive;
    await this.#worker.call('listen', { instance: this.id });
  }

  async stop(): Promise<void> {
    // Nothing to stop in a thread that never knew this instance.
    if (this.#startedIn !== this.#worker.generation) return;
    await this.#worker.call('stop', { instance: this.id }).catch(() => undefined);
  }

  #abortWith({ signal, clock }: RunContext<unknown, unknown>, run: number): () => void {
    let cancelGrace = (): void => undefined;
    const abort = (): void => {
      this.#worker.tell('abort', { run, reason: String(signal.reason) });
      const timer = clock.setTimer(
        () => this.#worker.crash(`A run of ${this.#name} went on after its abort.`),
        ABORT_GRACE_MS,
      );
      cancelGrace = () => timer.cancel();
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return () => {
      signal.removeEventListener('abort', abort);
      cancelGrace();
    };
  }
}
