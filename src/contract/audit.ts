/** How a configuration says what becomes of the record of each decision. */
import * as z from 'zod';
import { whole } from './config-values.ts';

/** Six months are never longer: what Articles 19(1) and 26(6) of the EU AI Act ask for at least. */
const SIX_MONTHS_DAYS = 184;

/** How often a record is received in vain before it is put aside: a chain that cannot be written for hours. */
export const AUDIT_RECEIPTS_UNTIL_DEAD = 100;

/** Beyond a retention: how long gateways may have gone on by a copy of a version after another one took its place. */
const STALE_DAYS = 30;

/** Days that versions of routes are kept, so that whatever is locked can be replayed. Undefined where nothing is recorded. */
export function routeHistoryDays(audit: {
  readonly enabled: boolean;
  readonly retentionDays: number;
}): number | undefined {
  return audit.enabled ? audit.retentionDays + STALE_DAYS : undefined;
}

export const auditSchema = z.strictObject({
  enabled: z
    .boolean('must be true or false')
    .default(false)
    .describe(
      'Whether gateways hand a record of each decision to the audit trail of their region, a chain in a locked bucket.',
    ),
  retentionDays: whole(1, 3_650)
    .default(SIX_MONTHS_DAYS)
    .describe(
      'Days within which nobody can delete a segment of the trail. More holds for what is sealed from then on; what stands keeps its own.',
    ),
  mode: z
    .enum(['governance', 'compliance'], 'must be "governance" or "compliance"')
    .default('governance')
    .describe(
      'Who may lift a lock before its end: `governance` those with the permission to, `compliance` nobody, AWS and the account’s owner included.',
    ),
});
