import type { Candidate } from '#core/decide/decision.ts';
import type { Services } from './services.ts';

/** The right to one call of a target. */
export interface Lease {
  /** Gives the right back; safe to call more than once. */
  release(): void;
}

/**
 * Stage 5. Takes the slot that the decide stage found free: decision and admission happen in one turn of the event
 * loop, so that no other request of this process can take it in between.
 */
export function admit({ book, clock }: Services, { target }: Candidate): Lease {
  return { release: book.begin(target, clock.now()) };
}
