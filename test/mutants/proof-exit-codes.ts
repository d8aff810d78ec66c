/** How `prove-residency.ts` ends. None of them is a code that node uses for failures of its own (1 to 13). */
export const proofExitCodes = { held: 0, sent: 20, decided: 21, published: 22, denied: 30 } as const;
