import { bodyViolations } from '#contract/body-violations.ts';
import { laneOfCall } from '#core/capacity/lane-of-call.ts';
import { type PlaceContext, place, wrongGateway } from '../gateway/place.ts';
import {
  type Arrival,
  type Placement,
  passed,
  type Refusal,
  refused,
  type Staged,
} from '../gateway/stage.ts';
import type { Log } from '../ports/log.ts';
import type { Tenant, TenantDirectory } from '../ports/tenant-directory.ts';
import type { BatchDesk } from './batch-services.ts';

/** What the answers about files and batches need of their gateway. */
export interface BulkContext extends PlaceContext {
  readonly tenants: TenantDirectory;
  readonly log: Log;
  /** Opens the stores when they are first asked for. @default - files and batches are switched off */
  readonly openBatches?: (() => Promise<BatchDesk>) | undefined;
}

/** Somebody known asks for something of the stores. */
export interface BulkRequest {
  readonly context: BulkContext;
  readonly arrival: Arrival;
  readonly tenant: Tenant;
  /** Of the file or the batch; empty where the path names none. */
  readonly id: string;
}

/** Where prompts may stand is judged as for a call, before any of it is read. */
export function placeHere({ context, tenant }: BulkRequest, residency: string | null): Staged<Placement> {
  const placed = place(context, tenant, residency);
  if (!placed.ok || placed.value.lawfulHere) return placed;
  return refused(wrongGateway(placed.value, context.region));
}

/** Lines run in the lane of bulk. Undefined where the tenant may use it; else nothing of a file is read. */
export function bulkRefusal(
  { config }: Pick<BatchDesk, 'config'>,
  { tenant }: BulkRequest,
): Refusal | undefined {
  const found = laneOfCall('bulk', config.tenants[tenant.name] ?? {});
  if (found.kind !== 'not-allowed') return undefined;
  const allowed = found.allowed.map((lane) => `"${lane}"`).join(', ');
  const message = `Batches run in the lane "bulk", which is not among this tenant's lanes: ${allowed}.`;
  return { code: 'invalid_request', message };
}

interface Schema<Value> {
  safeParse(
    input: unknown,
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: Parameters<typeof bodyViolations>[0] } };
}

/** All violations at once. */
export function checked<Value>(schema: Schema<Value>, input: unknown): Staged<Value> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return passed(parsed.data);
  const violations = bodyViolations(parsed.error.issues, {});
  const message = violations.map((each) => `${each.path || 'body'}: ${each.message}`).join('; ');
  return refused({ code: 'invalid_request', message, param: violations[0]?.path || undefined });
}
