import { ControlError, type ControlResource } from '../service.ts';
import { type EntryShape, entryPath, isAccount, isRegion, isText, oneOf, type Rule } from './body-check.ts';
import { overridesControl } from './overrides-control.ts';
import type { QuotaBook, QuotaOverride } from './quota-book.ts';

const VALUES = ['tokensPerMinute', 'requestsPerMinute', 'tokensPerDay'] as const;

/** As far as quotas of AWS go, and a thousand times more. */
const VALUE_MAX = 1_000_000_000_000;

const isQuota: Rule = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= VALUE_MAX
    ? undefined
    : `a whole number from 0 to ${VALUE_MAX}`;

const SHAPE: EntryShape = {
  required: ['region', 'modelId', 'scope'],
  rules: {
    region: isRegion,
    account: isAccount,
    modelId: isText,
    scope: oneOf('on-demand', 'cross-region', 'global'),
    tokensPerMinute: isQuota,
    requestsPerMinute: isQuota,
    tokensPerDay: isQuota,
  },
};

/** `/_local/quotas`: how much an account may take of a model. 0 throttles every call of that scope. */
export function quotasControl(quotas: QuotaBook): ControlResource {
  return overridesControl('quotas', quotas.overrides, { shape: SHAPE, require: requireValues });
}

/** An entry that says nothing is a misspelt one. */
function requireValues(body: unknown, entries: readonly QuotaOverride[]): void {
  const violations = entries.flatMap((entry, index) =>
    VALUES.some((name) => entry[name] !== undefined)
      ? []
      : [{ path: entryPath(body, index, VALUES[0]), message: `one of ${VALUES.join(', ')} is required` }],
  );
  if (violations.length > 0) throw new ControlError(violations);
}
