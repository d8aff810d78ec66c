import type { Target } from '../target.ts';

/** Key of a whole source region's health, as one account sees it. */
export function regionHealthKey(target: Pick<Target, 'account' | 'region'>): string {
  const known = regionKeys.get(target);
  if (known !== undefined) return known;
  const key = `region:${target.account}/${target.region}`;
  regionKeys.set(target, key);
  return key;
}

/** Every decision looks each target's up: a text that is made anew is also hashed anew. */
const regionKeys = new WeakMap<Pick<Target, 'account' | 'region'>, string>();

/** With a region: only what is called there. */
export const accountRestKey = (account: string, region?: string): string =>
  region === undefined ? `account:${account}` : `account:${account}/${region}`;

/** By which of its keys a target's whole account or its region there may rest. */
export function accountRestKeys(target: Pick<Target, 'account' | 'region'>): readonly string[] {
  const known = restKeys.get(target);
  if (known !== undefined) return known;
  const keys = [accountRestKey(target.account), accountRestKey(target.account, target.region)];
  restKeys.set(target, keys);
  return keys;
}

const restKeys = new WeakMap<Pick<Target, 'account' | 'region'>, readonly string[]>();
