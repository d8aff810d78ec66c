/** How `prove-residency.ts` ends. None of them is a code that node uses for failures of its own (1 to 13). */
export const proofExitCodes = { held: 0, sent: 20, decided: 21, published: 22, denied: 30 } as const;

/** The same of the proof that slots are kept to. */
export const slotsExitCodes = { held: 0, overshoot: 20, leaked: 21, lane: 22, refused: 23 } as const;

/** The same of the proof that recorded decisions come out the same. */
export const replayExitCodes = { held: 0, differs: 20 } as const;

/** The same of the swarm: what must never be, and what must come about once everything is whole again. */
export const swarmExitCodes = { held: 0, safety: 20, liveness: 21 } as const;
