import type { Target } from '../target.ts';

/** Key of a whole source region's health, as one account sees it. */
export const regionHealthKey = (target: Pick<Target, 'account' | 'region'>): string =>
  `region:${target.account}/${target.region}`;

/** With a region: only what is called there. */
export const accountRestKey = (account: string, region?: string): string =>
  region === undefined ? `account:${account}` : `account:${account}/${region}`;
