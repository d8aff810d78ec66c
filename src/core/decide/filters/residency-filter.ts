import type { Filter } from '../decision.ts';

/** The target's whole reach, and this gateway, inside the residency. First, so that its word stands in every trail. */
export const residencyFilter: Filter = {
  name: 'residency',
  judge: ({ verdict }) => (verdict.lawful ? undefined : 'residency-forbidden'),
};
