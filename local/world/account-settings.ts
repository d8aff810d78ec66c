import { OverrideStore } from './override-store.ts';

/** What an account says of all its calls of models in a region, beside the calls themselves. */
export interface AccountSettings {
  readonly region: string;
  /** @default - all accounts */
  readonly account?: string;
  /** `default`, `none`, `inherit`, `aws_review` or `provider_data_share`. */
  readonly retentionMode?: string;
  /** Log group in which prompts and answers are kept. */
  readonly logGroup?: string;
  /** Bucket in which they are kept. */
  readonly logBucket?: string;
  readonly guardrails?: readonly GuardrailSetting[];
}

/** A guardrail of the account. */
export interface GuardrailSetting {
  readonly id: string;
  /** Such as `eu.guardrail.v1:0`: it may judge prompts in other regions. */
  readonly profileId?: string;
  /** Applied to every call, whether the call names it or not. */
  readonly enforced?: boolean;
}

/** Nothing is logged, nothing shared and nothing guarded until somebody says so. */
export class AccountSettingsBook {
  readonly overrides = new OverrideStore<AccountSettings>(({ region, account }) => keyOf(region, account));

  of(account: string, region: string): AccountSettings {
    const general = this.overrides.get(keyOf(region, undefined));
    return { region, ...general, ...this.overrides.get(keyOf(region, account)), account };
  }
}

const keyOf = (region: string, account: string | undefined): string => `${region}|${account ?? ''}`;
