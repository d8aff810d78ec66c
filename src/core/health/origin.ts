import type { WorkKind } from '../call/work.ts';
import { stableHash } from '../units/stable-hash.ts';
import type { Origin } from './target-health.ts';

/** Between the tenant's hash and that of the kind of request. */
const SEPARATOR = '.';

/** Whose call it is, of what work, and of the same size within a factor of four. */
export function originOf(call: {
  readonly tenant: string;
  readonly work: WorkKind;
  /** Fewest tokens that the input can have; null where nobody counts them. */
  readonly inputTokensMin: number | null;
}): Origin {
  const { tenant, work, inputTokensMin } = call;
  const size = inputTokensMin === null ? '' : Math.floor(Math.log2(inputTokensMin + 1) / 2);
  return `${hashOf(tenant)}${SEPARATOR}${hashOf(`${work} ${size}`)}`;
}

/** The tenant's part of an origin. What an older version told has no parts: then each origin is taken for a tenant. */
export function tenantPartOf(origin: Origin): string {
  const end = origin.indexOf(SEPARATOR);
  return end === -1 ? origin : origin.slice(0, end);
}

const hashOf = (text: string): string => stableHash(text).toString(36);
