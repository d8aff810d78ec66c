import type { Filter } from '../decision.ts';

/** Targets that operators switched off. */
export const operatorFilter: Filter = {
  name: 'operator',
  isIdle: ({ disabled }) => disabled.size === 0,
  judge: ({ target }, { disabled }) => (disabled.has(target.id) ? 'operator-disabled' : undefined),
};
