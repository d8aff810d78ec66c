/** The audit trail of one region of the stand-in AWS. */
import type { AuditPlan } from '#adapters/aws/audit-provisioner.ts';

const account = '111111111111';

export function anAuditPlan(changes: Partial<AuditPlan> = {}): AuditPlan {
  return {
    ...{ region: 'us-east-1', bucket: `acme-audit-${account}-us-east-1` },
    ...{ retentionDays: 184, mode: 'governance', receiptsMax: 24 },
    ...{ queue: 'acme-audit', deadQueue: 'acme-audit-dead' },
    ...changes,
  };
}

export const localAccess = (endpoint: string) => ({
  endpoint,
  credentials: { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` },
});
