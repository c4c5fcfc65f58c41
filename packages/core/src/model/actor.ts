/** What somebody may do, from least to most; `agent` stands apart: it may only report and fetch its own commands. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number] | 'agent';

/** Who did something. Stands in every audit row, acknowledgement and approval. */
export interface Actor {
  readonly kind: 'key' | 'user' | 'agent' | 'chat' | 'system';
  /** Stable id: of the key, the chat user … `system` for Labkeeper itself. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Labkeeper itself, for what it does without being asked. */
export const SYSTEM_ACTOR: Actor = { kind: 'system', id: 'system', name: 'Labkeeper', role: 'admin' };

/** True when `role` allows at least what `needed` allows. An agent is never allowed what people are. */
export function roleAllows(role: Role, needed: (typeof ROLES)[number]): boolean {
  return role !== 'agent' && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
