/** Why a candidate was taken out of a decision: `removed[].code` of explain and of audit records. */
export const removalCodes = [
  'residency-forbidden',
  'retention-forbidden',
  'tenant-forbidden',
  'capability-missing',
  'context-too-long',
  'state-unusable',
  'operator-disabled',
  'ejected',
  'no-capacity',
  'budget-exhausted',
  'price-unknown',
  'deadline-too-short',
] as const;
