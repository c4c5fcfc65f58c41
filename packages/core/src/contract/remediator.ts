import type { ActionResult, Risk } from '../model/action.js';
import type { AttributeValue, EntityId } from '../model/entity.js';
import type { Matcher } from '../model/matcher.js';
import type { RunContext } from './context.js';
import type { Contribution } from './lifecycle.js';
import type { OptionsOf, TSchema } from './options.js';

/** The action as it reaches the plugin: parameters are checked against the action's schema. */
export interface ActionRequest<Parameters = Readonly<Record<string, AttributeValue>>> {
  /** The same for every delivery of one action; an action is executed at most once. */
  readonly id: string;
  readonly entity: EntityId;
  readonly parameters: Parameters;
}

/** What must be true afterwards. Only this decides about success. */
export type ExpectedEffect =
  | { readonly kind: 'alert-clears' }
  | { readonly kind: 'series-becomes'; readonly matchers: readonly Matcher[]; readonly value: number }
  | { readonly kind: 'none'; readonly reason: string };

/** One thing a remediator can do. */
export interface RemediatorAction<Options, State, Parameters extends TSchema = TSchema> {
  readonly summary: string;
  readonly parameters: Parameters;
  readonly risk: Risk;
  /** Not reversible and not of low risk means: never approved automatically. */
  readonly reversible: 'yes' | 'no';
  readonly effect: ExpectedEffect;
  /** What would be done, in one sentence, without doing it. Shown before approval. */
  describe(request: ActionRequest<OptionsOf<Parameters>>): string;
  /** Taken before `execute`; whatever `rollback` will need, as JSON. */
  snapshot?(
    request: ActionRequest<OptionsOf<Parameters>>,
    context: RunContext<Options, State>,
  ): Promise<unknown>;
  /** Does it, once. A throw counts as failed. */
  execute(
    request: ActionRequest<OptionsOf<Parameters>>,
    context: RunContext<Options, State>,
  ): Promise<ActionResult>;
  /** Puts back what `snapshot` recorded; called when verification failed or things got worse. */
  rollback?(
    request: ActionRequest<OptionsOf<Parameters>>,
    snapshot: unknown,
    context: RunContext<Options, State>,
  ): Promise<ActionResult>;
}

/** Changes the world, through the action queue only. */
export interface Remediator<Schema extends TSchema = TSchema, State = unknown>
  extends Contribution<Schema, State> {
  /** By name, such as `restart_service`. */
  readonly actions: Readonly<Record<string, RemediatorAction<OptionsOf<Schema>, State>>>;
}
