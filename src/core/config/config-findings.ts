import type { BaselineConfig, BaselineModel } from '../baseline/resolve-baselines.ts';
import type { Lane } from '../capacity/lane.ts';
import type { ChatTemplate } from '../chat/prompt-template.ts';
import type { StrongSet } from '../controls/strong-set.ts';
import type { DedicatedEntry } from '../dedicated/deployment-of.ts';
import type { TenantLimits } from '../limits/tenant-limits.ts';
import type { ConfiguredShares } from '../plan/share-limit.ts';

export interface ConfigFinding {
  /** Where, as one would write it in code: `models.chat-large.candidates[0]`. */
  readonly path: string;
  /** What is wrong, with the value, and what would be right. */
  readonly message: string;
}

export interface ConfigFindings {
  readonly errors: readonly ConfigFinding[];
  readonly warnings: readonly ConfigFinding[];
}

/** What of a parsed configuration the relations look at; every parsed configuration is one. */
export interface CheckableConfig extends BaselineConfig {
  readonly name: string;
  readonly batches: { readonly enabled: boolean };
  readonly state: {
    readonly controls?: StrongSet | undefined;
    readonly keys: Readonly<Record<string, string>>;
    readonly existing: {
      readonly routes: boolean;
      readonly tenants: boolean;
      readonly observations?: { readonly streamArn: string } | undefined;
    };
  };
  readonly audit: { readonly enabled: boolean };
  readonly home: { readonly account: string; readonly region: string };
  readonly pipeline?: { readonly connection?: { readonly arn: string } | undefined } | undefined;
  readonly standby?: string | undefined;
  readonly accounts: readonly CheckableAccount[];
  readonly gateways: readonly string[];
  readonly gatewayUrls: Readonly<Record<string, string>>;
  readonly models: Readonly<Record<string, CheckableModel>>;
  readonly tenants: Readonly<Record<string, CheckableTenant>>;
  readonly frontDoor: CheckableFrontDoor;
  readonly gatewayFunction: CheckableFunction;
  readonly webFunctions: Readonly<Record<string, CheckableWebFunction>>;
  readonly gatewayNetworks: Readonly<
    Record<string, { readonly create?: { readonly natGateways: number } | undefined }>
  >;
  readonly operators: { readonly principals: readonly string[] };
  readonly lanes: CheckableLanes;
  readonly capacity: { readonly safeShare: number; readonly processesMax?: number | undefined };
  readonly discovery: { readonly tracked: readonly string[] };
  readonly metrics: { readonly budgetUsdPerMonth: number };
}

interface CheckableWebFunction {
  readonly releases: readonly { readonly name: string; readonly weight: number }[];
}

interface CheckableFrontDoor {
  readonly kind: 'rest-api' | 'function-url';
  readonly authorization: 'keys' | 'iam';
  readonly firewall?: { readonly requestsPerAddressMax: number } | undefined;
  readonly domain?:
    | {
        readonly zones: readonly { readonly account: string; readonly name: string }[];
        readonly certificates: Readonly<Record<string, string>>;
      }
    | undefined;
}

interface CheckableFunction {
  readonly reservedConcurrency?: number | undefined;
  readonly provisionedConcurrency?: { readonly min: number; readonly max?: number | undefined } | undefined;
}

interface CheckableLanes {
  readonly standard: { readonly slotShareMin: number; readonly turnShareMin: number };
  readonly bulk: { readonly slotShareMin: number; readonly turnShareMin: number };
}

interface CheckableGuardrail {
  readonly region: string;
  readonly id: string;
  readonly profile?: string | undefined;
}

interface CheckableAccount {
  readonly id: string;
  readonly name?: string | undefined;
  readonly regions: readonly string[];
  readonly traffic: boolean;
  readonly guardrails?: readonly CheckableGuardrail[] | undefined;
  readonly quotas?:
    | readonly {
        readonly model: string;
        readonly scope: string;
        readonly regions?: readonly string[] | undefined;
        readonly tokensPerMinute: number;
      }[]
    | undefined;
}

export interface CheckableModel extends BaselineModel {
  readonly dedicated: readonly (DedicatedEntry & {
    readonly chatTemplate?: ChatTemplate | undefined;
    readonly shares?: ConfiguredShares | undefined;
  })[];
}

interface CheckableTrust {
  readonly issuer: string;
  readonly audience: string;
  readonly claims: Readonly<Record<string, string>>;
}

interface CheckableTenant {
  readonly keys: readonly string[];
  readonly tokens?: readonly CheckableTrust[] | undefined;
  readonly principals?: readonly string[] | undefined;
  readonly residencies: readonly string[];
  readonly defaultResidency?: string | undefined;
  readonly models: readonly string[];
  readonly limits?: TenantLimits | undefined;
  readonly lanes?: readonly Lane[] | undefined;
  readonly lane?: Lane | undefined;
}

/** Indexes of values that stood in the list before. */
export function repeatedIndexes(values: readonly string[]): readonly number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}

/** `a, b, c` for a message; says so where there is nothing to list. */
export function listText(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.join(', ');
}
