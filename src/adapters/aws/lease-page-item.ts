/** A page of leases as an item of the table. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Lease } from '#core/capacity/lease.ts';
import type { LeasePage } from '#core/capacity/lease-page.ts';

export type PageItem = Readonly<Record<string, AttributeValue>>;

/** Without what is no lease. */
export function pageOf({ leases }: PageItem): LeasePage {
  const found = new Map<string, Lease>();
  for (const [leaseId, value] of Object.entries(leases?.M ?? {})) {
    const lease = leaseOf(value);
    if (lease !== undefined) found.set(leaseId, lease);
  }
  return { leases: found };
}

export function leaseValue({ expiresAt, kvTokens }: Lease): AttributeValue {
  // Bytes of a page are money: no number where there is none.
  return { L: kvTokens === 0 ? [numeric(expiresAt)] : [numeric(expiresAt), numeric(kvTokens)] };
}

export function numeric(value: number): AttributeValue {
  return { N: String(value) };
}

/** Undefined for what is no lease. */
export function leaseOf({ L: members = [] }: AttributeValue): Lease | undefined {
  const [expiresAt, kvTokens = 0] = members.map(({ N }) => Number(N));
  return isCount(expiresAt) && isCount(kvTokens) ? { expiresAt, kvTokens } : undefined;
}

function isCount(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** For `attribute_type`. */
export const typeNamed = (name: 'M' | 'N'): AttributeValue => ({ S: name });
