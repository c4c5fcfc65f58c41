import { type PackedError, packError, unpackError } from './packed-error.js';

/** The end of a line between two threads: a Worker, or the port inside it. */
export interface RpcPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: Message) => void): unknown;
}

/** What one side offers to the other, by name. Each takes one plain value and may answer with one. */
// biome-ignore lint/suspicious/noExplicitAny: each interface of methods names its own types; this is only their shape.
export type Methods = { [name: string]: (params: any) => unknown };

type Message =
  | { readonly id?: number; readonly method: string; readonly params: unknown }
  | { readonly reply: number; readonly value: unknown }
  | { readonly reply: number; readonly error: PackedError };

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls across a thread border. Messages keep their order; an answer that never comes is the caller's to bound. */
export class Rpc<Remote extends Methods> {
  readonly #port: RpcPort;
  readonly #own: Methods;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(port: RpcPort, own: Methods) {
    this.#port = port;
    this.#own = own;
    port.on('message', (message) => this.#receive(message));
  }

  /** Rejects with the error of the other side. */
  call<Name extends keyof Remote & string>(
    method: Name,
    params: Parameters<Remote[Name]>[0],
  ): Promise<Awaited<ReturnType<Remote[Name]>>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      try {
        this.#port.postMessage({ id, method, params });
      } catch (error) {
        this.#pending.delete(id);
        reject(error as Error);
      }
    });
  }

  /** Without an answer. What cannot be sent (a function among log fields) is sent as text. */
  send<Name extends keyof Remote & string>(method: Name, params: Parameters<Remote[Name]>[0]): void {
    try {
      this.#port.postMessage({ method, params });
    } catch {
      this.#port.postMessage({ method, params: JSON.parse(JSON.stringify(params)) as unknown });
    }
  }

  /** Rejects everything that still waits for an answer. */
  fail(reason: Error): void {
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  #receive(message: Message): void {
    if ('method' in message) void this.#serve(message);
    else this.#settle(message);
  }

  #settle(message: Exclude<Message, { method: string }>): void {
    const pending = this.#pending.get(message.reply);
    this.#pending.delete(message.reply);
    if ('error' in message) pending?.reject(unpackError(message.error));
    else pending?.resolve(message.value);
  }

  async #serve({ id, method, params }: Extract<Message, { method: string }>): Promise<void> {
    try {
      const value = await this.#own[method]?.(params);
      if (id !== undefined) this.#port.postMessage({ reply: id, value });
    } catch (error) {
      if (id !== undefined) this.#port.postMessage({ reply: id, error: packError(error) });
    }
  }
}
