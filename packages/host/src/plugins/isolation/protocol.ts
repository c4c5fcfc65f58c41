import type {
  ChannelLimits,
  CollectionDeclaration,
  Collector,
  Fault,
  IncomingCommand,
  LogFields,
  MetricDescription,
  Notification,
  Observations,
  Reply,
  Schedule,
  Target,
  Verdict,
} from '@labkeeper/core';

/** The kinds that can run in a thread. The others reach into the engine and run inline only. */
export const ISOLATED_KINDS = ['collectors', 'checks', 'notifiers'] as const;
export type IsolatedKind = (typeof ISOLATED_KINDS)[number];

/** A contribution without its functions. */
export interface ContributionDescription {
  readonly kind: IsolatedKind;
  readonly name: string;
  readonly summary: string;
  /** The options schema, see `schema-transfer.ts`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly schedule?: Schedule;
  readonly metrics?: readonly MetricDescription[];
  readonly otherMetrics?: Collector['otherMetrics'];
  readonly job?: string;
  readonly limits?: ChannelLimits;
  /** True for a notifier that also receives. */
  readonly listens: boolean;
}

/** A plugin without its functions. */
export interface PluginDescription {
  readonly name: string;
  readonly summary: string;
  readonly contract: string;
  readonly contributions: readonly ContributionDescription[];
  /** Kinds of contributions it has that cannot be offered from a thread. */
  readonly inlineOnly: readonly string[];
}

interface ContributionParams {
  readonly kind: IsolatedKind;
  readonly name: string;
  /** As valid in the file: without defaults, secrets as text. The thread's own schema does the rest. */
  readonly options: unknown;
}

/** What a thread does for the host. */
export type ThreadMethods = {
  /** Resolves when the plugin is imported. Rejects with what its import threw. */
  describe(params: null): Promise<PluginDescription>;
  validate(params: ContributionParams): readonly Fault[];
  target(params: ContributionParams): Target | undefined;
  start(params: ContributionParams & { readonly instance: number }): Promise<void>;
  run(params: RunParams): Promise<Observations | Verdict | undefined>;
  /** Ends when the instance stops. */
  listen(params: { readonly instance: number }): Promise<void>;
  abort(params: { readonly run: number; readonly reason: string }): void;
  stop(params: { readonly instance: number }): Promise<void>;
  /** Answered by the event loop; the answer says how much memory the thread uses beside the limited heap. */
  ping(params: null): { readonly externalBytes: number };
};

export interface RunParams {
  readonly instance: number;
  readonly run: number;
  readonly timeoutMs: number;
  /** For notifiers. */
  readonly message?: Notification;
}

/** What the host does for a thread. */
export type HostMethods = {
  protect(params: { readonly text: string }): void;
  log(params: {
    readonly instance: number;
    readonly level: LogMethod;
    readonly message: string;
    readonly fields: LogFields;
  }): void;
  store(params: StoreParams): Promise<unknown>;
  query(params: {
    readonly instance: number;
    readonly method: QueryMethod;
    readonly args: readonly unknown[];
  }): Promise<unknown>;
  receive(params: { readonly instance: number; readonly command: IncomingCommand }): Promise<Reply>;
};

export type LogMethod = 'debug' | 'info' | 'warn' | 'error';
export type QueryMethod = 'select' | 'instant' | 'range';
export const COLLECTION_METHODS = ['get', 'put', 'delete', 'list', 'count', 'deleteWhere'] as const;
export type CollectionMethod = (typeof COLLECTION_METHODS)[number];

export interface StoreParams {
  readonly instance: number;
  readonly declaration: CollectionDeclaration;
  readonly method: CollectionMethod;
  readonly args: readonly unknown[];
}
