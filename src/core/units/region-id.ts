/**
 * A region code such as `eu-central-1`. The shape is checked, the name is not: AWS adds regions, and a code that no
 * table of ours knows (`xx-north-9`) must still be discovered, routed and refused by residency.
 */
export type RegionId = string;

/** Area (`us`, `us-gov`, `eusc-de`), direction, number. */
const REGION_ID = /^[a-z]{2,5}(-[a-z]{2,5})?-[a-z]{4,10}-[0-9]{1,2}$/;

/** Longer than any code that AWS has named (`us-isob-east-1`, 14), short enough for a metric dimension or a key. */
const REGION_ID_LENGTH_MAX = 26;

export function isRegionId(value: unknown): value is RegionId {
  return typeof value === 'string' && value.length <= REGION_ID_LENGTH_MAX && REGION_ID.test(value);
}
