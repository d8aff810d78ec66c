/**
 * core/capacity: who may have a slot of a target, and how many there are.
 *
 * Invariant: a slot is held by a lease with an id and an expiry, never counted up and down; what is handed out is never
 * more than the limit. Nothing here knows a clock or chance; the folder owns no state.
 */

/** Priority classes, highest first. */
export const lanes = ['interactive', 'standard', 'bulk'] as const;

/** `interactive`: somebody waits for the first word. `standard`: a program waits. `bulk`: nobody waits. */
export type Lane = (typeof lanes)[number];
