import { accountRestKeys } from '../condition-keys.ts';
import type { Filter } from '../decision.ts';

/**
 * An account whose role could not be assumed a moment ago, or a region of it that refused the credentials: asked
 * again shortly, and at once when nothing else is left.
 */
export const credentialsFilter: Filter = {
  name: 'credentials',
  isIdle: ({ conditions }) => conditions.resting.size === 0,
  judge: ({ target }, { conditions: { resting }, at }) =>
    accountRestKeys(target).some((key) => (resting.get(key) ?? 0) > at) ? 'ejected' : undefined,
};
