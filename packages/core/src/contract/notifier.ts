import type { Actor } from '../model/actor.js';
import type { Notification } from '../model/notification.js';
import type { Reply } from './command.js';
import type { PluginContext, RunContext } from './context.js';
import type { Contribution } from './lifecycle.js';
import type { OptionsOf, TSchema } from './options.js';

/** What a channel can show and bear. The engine cuts and paces by it. */
export interface ChannelLimits {
  /** Longest plain text in characters; longer ones are cut at a word with an ellipsis. */
  readonly textLength: number;
  /** Deliveries a second for one instance. */
  readonly messagesPerSecond: number;
  readonly buttons: 'shown' | 'hidden';
}

/** A command or a button press that came in by a channel. */
export interface IncomingCommand {
  /** As typed, with the leading slash. */
  readonly text: string;
  /** The sender, as the channel authenticated it. */
  readonly actor: Actor;
  /** The conversation to answer in. */
  readonly conversation: string;
}

/** Tells people. */
export interface Notifier<Schema extends TSchema = TSchema, State = unknown>
  extends Contribution<Schema, State> {
  readonly limits: ChannelLimits;
  /**
   * Delivers one message; resolving means that the other side has accepted it. Throw RetryFailure (with `retryAfterMs`
   * where the other side said it) or DropFailure; anything else counts as retry. May be called again with the same
   * `message.id` after a crash. Never called twice at once for an instance.
   */
  notify(message: Notification, context: RunContext<OptionsOf<Schema>, State>): Promise<void>;
  /**
   * For channels that also receive: runs until `context.signal` aborts, hands every command to `receive` and sends the
   * reply. Unknown senders must be refused here.
   */
  listen?(
    context: PluginContext<OptionsOf<Schema>> & { readonly state: State },
    receive: (command: IncomingCommand) => Promise<Reply>,
  ): Promise<void>;
}
