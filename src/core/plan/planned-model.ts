/** What plan needs of the configuration. The checked configuration fits these shapes; core knows no zod. */
import type { ChatTemplate } from '../chat/prompt-template.ts';
import type { KvSettings } from '../kv/resolve-engine.ts';
import type { Capabilities } from '../target.ts';
import type { ConfiguredShares } from './share-limit.ts';

export interface PlannedDedicated extends KvSettings {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly component?: string | undefined;
  readonly servedModel?: string | undefined;
  /** What the container speaks; `tgi` comes with its template. @default - `openai` */
  readonly api?: 'openai' | 'tgi' | undefined;
  readonly chatTemplate?: ChatTemplate | undefined;
  readonly contextTokensMax?: number | undefined;
  readonly outputTokensMax?: number | undefined;
  readonly capabilities: Capabilities;
  /** Copies that are meant to run, from 0. */
  readonly copies: number;
  /** Requests that one copy serves at a time, from 1. */
  readonly concurrencyPerCopy: number;
  /** @default - by jurisdiction: see `gatewayShares` */
  readonly shares?: ConfiguredShares | undefined;
}

export interface PlannedModel {
  readonly name: string;
  readonly kind: 'chat' | 'embedding';
  /** Base model ids, best first. */
  readonly candidates: readonly { readonly id: string }[];
  readonly dedicated: readonly PlannedDedicated[];
}

export interface PlannedAccount {
  readonly id: string;
  readonly regions: readonly string[];
  readonly traffic?: boolean | undefined;
  readonly quotas?: readonly PlannedQuota[] | undefined;
}

/** Tokens a minute of one model that the configuration allows, in each of the regions. */
interface PlannedQuota {
  readonly model: string;
  readonly scope: 'on-demand' | 'geo' | 'global';
  /** @default - all of the account */
  readonly regions?: readonly string[] | undefined;
  readonly tokensPerMinute: number;
}

/**
 * Whether an account's serverless models in a region take traffic: a region belongs to the first account that lists
 * it; an account with `traffic: true` serves its regions besides. The others are observed only.
 */
export function trafficRule(
  accounts: readonly PlannedAccount[],
): (account: string, region: string) => boolean {
  const owners = new Map<string, string>();
  for (const account of accounts) {
    for (const region of account.regions) {
      if (!owners.has(region)) owners.set(region, account.id);
    }
  }
  const shared = new Set(
    accounts
      .filter((account) => account.traffic === true)
      .flatMap((account) => account.regions.map((region) => `${account.id}/${region}`)),
  );
  return (account, region) => owners.get(region) === account || shared.has(`${account}/${region}`);
}
