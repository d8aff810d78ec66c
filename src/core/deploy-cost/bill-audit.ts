import { billRuns } from './bill-schedules.ts';
import { type Biller, lineAt } from './bill-setting.ts';
import { functionsOf } from './function-kind.ts';
import {
  AUDIT_RECORD_BYTES,
  AUDIT_RECORDS_PER_SEAL,
  QUEUE_REQUESTS_PER_RECORD,
  SEALS_PER_MONTH,
} from './usage.ts';

/** A sealing writes the segment, and what the table knows of the chain. */
const WRITES_PER_SEAL = 2;

/** Records of decisions, where a gateway has a trail: one for each request, sealed together twice a minute. */
export const billAudit: Biller = ({ resources }, setting) => {
  const functions = [...functionsOf(resources, setting.deployment).values()];
  const sealer = functions.find(({ kind }) => kind === 'audit');
  if (sealer === undefined) return [];
  const records = Math.ceil(setting.usage.requests / setting.shape.gateways);
  const seals = Math.max(Math.min(records, SEALS_PER_MONTH), Math.ceil(records / AUDIT_RECORDS_PER_SEAL));
  const of = 'audit';
  return [
    ...billRuns(setting, sealer, seals),
    ...lineAt(setting, { item: 'sqs-request', of, quantity: records * QUEUE_REQUESTS_PER_RECORD }),
    ...lineAt(setting, { item: 's3-put', of, quantity: seals }),
    ...lineAt(setting, { item: 's3-storage', of, quantity: records * AUDIT_RECORD_BYTES }),
    ...lineAt(setting, { item: 'dynamodb-write', of, quantity: seals * WRITES_PER_SEAL }),
  ];
};
