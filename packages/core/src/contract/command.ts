import type { Actor, ROLES } from '../model/actor.js';
import type { NotificationButton } from '../model/notification.js';
import type { PluginContext } from './context.js';
import type { OptionsOf, TSchema } from './options.js';

/** A part of a reply; each channel renders it in its own form. */
export type ReplyBlock =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'buttons'; readonly buttons: readonly NotificationButton[] };

export interface Reply {
  readonly blocks: readonly ReplyBlock[];
}

/** A word a person can say in chat, CLI or API, such as `/vms`. */
export interface Command<Schema extends TSchema = TSchema> {
  /** Lower case with `_`, without the slash. */
  readonly name: string;
  readonly summary: string;
  /** Arguments by name, in the order of the schema's properties when typed. */
  readonly options: Schema;
  readonly permission: (typeof ROLES)[number];
  /** Ask for a one-time code first. */
  readonly confirmation: 'none' | 'code';
  run(context: PluginContext<OptionsOf<Schema>> & { readonly actor: Actor }): Promise<Reply>;
}
