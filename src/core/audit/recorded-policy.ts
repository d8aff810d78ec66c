import type { ResidencyPolicy } from '../residency/resolve-residency.ts';

/** What a residency meant when a record was made. */
export function policyRecorded(name: string, allowed: 'any' | readonly string[]): ResidencyPolicy {
  return { name, allowed: allowed === 'any' ? 'any' : new Set(allowed) };
}

/** Whether two policies allow the same. */
export function allowsTheSame(one: ResidencyPolicy, other: ResidencyPolicy): boolean {
  if (one.allowed === 'any' || other.allowed === 'any') return one.allowed === other.allowed;
  const { allowed } = other;
  return one.allowed.size === allowed.size && [...one.allowed].every((region) => allowed.has(region));
}
