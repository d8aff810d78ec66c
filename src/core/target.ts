/**
 * A target: one concrete place that can answer, in one account and one region.
 *
 * Region and account are part of its identity: a call is addressed, signed and accounted for from the same value.
 */
import type { ChatTemplate } from './chat/prompt-template.ts';
import { geoPrefixOf } from './residency/reach.ts';

/** `bedrock`: a model id or inference profile. `sagemaker`: an endpoint or inference component. */
export type TargetKind = 'bedrock' | 'sagemaker';

/** Where the work of a target may run. Ordered: nearer scopes first. */
export type Scope = 'dedicated' | 'in-region' | 'geo' | 'global';

/** Where an answer can come from. Ordered: warm GPUs first, the verified last resort last. */
export const tiers = ['dedicated', 'serverless', 'baseline'] as const;

export type Tier = (typeof tiers)[number];

/** What discovery says of a target. Only the first three, and `warm`, can take a request. */
export type TargetState =
  | 'available'
  | 'legacy'
  | 'warm'
  | 'profile-only'
  | 'not-authorized'
  | 'not-entitled'
  | 'no-agreement'
  | 'not-offered'
  | 'quota-zero'
  | 'denied'
  | 'warming'
  | 'cold'
  | 'unknown';

/** What a target can do. A member that is left out is unknown: tried and learned, never assumed. */
export interface Capabilities {
  /** Upper-case modality names as AWS lists them (`TEXT`, `IMAGE`, `VIDEO`, ...): open strings. */
  readonly input?: readonly string[] | undefined;
  readonly output?: readonly string[] | undefined;
  readonly streaming?: boolean | undefined;
  readonly tools?: boolean | undefined;
  /** Streams an answer that has tools to call; one that cannot is called plainly. */
  readonly streamedTools?: boolean | undefined;
  /** Takes several tool calls in one turn. */
  readonly parallelTools?: boolean | undefined;
  /** Can be made to call some tool. */
  readonly toolChoiceAny?: boolean | undefined;
  /** Can be made to call one tool by name. */
  readonly toolChoiceNamed?: boolean | undefined;
  /** Keeps to a JSON schema by itself. */
  readonly jsonSchema?: boolean | undefined;
  /** Documents as Converse takes them. */
  readonly documents?: boolean | undefined;
  readonly systemPrompts?: boolean | undefined;
  /** Tiers of Bedrock that it is served in, of those that a call can ask for. */
  readonly serviceTiers?: readonly string[] | undefined;
  /** How a caller may steer thoughts: `budget` (tokens), `effort`, `always` (not at all); empty: no thoughts. */
  readonly reasoning?: readonly string[] | undefined;
}

/** Prices in integer micro-USD per million tokens; null where AWS publishes none for that direction. */
export interface Pricing {
  readonly inputMicroUsdPerMillionTokens: number | null;
  readonly outputMicroUsdPerMillionTokens: number | null;
  readonly cacheReadMicroUsdPerMillionTokens?: number | null | undefined;
  readonly cacheWriteMicroUsdPerMillionTokens?: number | null | undefined;
}

export interface Target {
  /** `<account>/<region>/<modelId | profileId | endpoint[:component]>` */
  readonly id: string;
  readonly account: string;
  /** The source region: the one that is called. */
  readonly region: string;
  readonly kind: TargetKind;
  readonly scope: Scope;
  /** Bedrock model id; for a dedicated target the model name its container serves. */
  readonly modelId: string;
  readonly profileId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly component?: string | undefined;
  /** Place of its candidate in the model's list of preference, from 0. Dedicated targets count from 0 of their own. */
  readonly position: number;
  /** Every region that may process or store the prompt; `*` is everywhere. Never empty in a lawful target. */
  readonly reach: readonly string[];
  readonly state: TargetState;
  /** `ACTIVE`, `LEGACY`, or whatever AWS says next. */
  readonly lifecycle: string;
  /** ISO 8601 UTC. */
  readonly endOfLifeTime?: string | undefined;
  readonly contextTokensMax: number | null;
  readonly outputTokensMax: number | null;
  readonly capabilities: Capabilities;
  readonly pricing: Pricing | null;
  /** What one AWS token quota covers: `<account>/<region>/<modelId>/<on-demand | geo | global | dedicated>`. */
  readonly quotaPool: string;
  /** How a container is spoken to that has no chat API of its own. @default - in OpenAI's formats */
  readonly container?: { readonly api: 'tgi'; readonly chatTemplate: ChatTemplate } | undefined;
  /** This gateway region's part of a dedicated target's limit, in requests in flight. */
  readonly share?: Readonly<Record<string, number>> | undefined;
  /** Copies of a dedicated target over which requests spread, 1 or more. With `kvTokens`. */
  readonly copies?: number | undefined;
  /** As `share`, in tokens of KV cache that may be reserved at a time, over all copies. @default - memory limits nothing */
  readonly kvTokens?: Readonly<Record<string, number>> | undefined;
  /** Tokens of it that every request takes beside those it reads and writes. @default 0 */
  readonly kvTokensPerRequest?: number | undefined;
  /** What its quota pool allows a minute, over all gateways. @default - unknown */
  readonly quotaTokensPerMinute?: number | undefined;
}

/** The identity of a target, from which its id is made. */
export interface TargetAddress {
  readonly account: string;
  readonly region: string;
  readonly modelId?: string | undefined;
  readonly profileId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly component?: string | undefined;
}

/** `<account>/<region>/<name>`, where the name is what a call puts on the wire. */
export function targetId(address: TargetAddress): string {
  const { account, region, modelId, profileId, endpoint, component } = address;
  const name =
    endpoint === undefined
      ? (profileId ?? modelId ?? '')
      : component === undefined
        ? endpoint
        : `${endpoint}:${component}`;
  return `${account}/${region}/${name}`;
}

/**
 * AWS keeps on-demand, geographic and global quotas of one model apart, per account and source region. A geographic
 * profile counts as one even where its only destination is its source; an application profile over a plain model does not.
 */
export function quotaPoolOf(
  target: Pick<Target, 'account' | 'region' | 'modelId' | 'scope' | 'profileId'>,
): string {
  const { account, region, modelId, scope, profileId } = target;
  const geographic = profileId !== undefined && geoPrefixOf(profileId) !== '';
  const pool = scope !== 'in-region' ? scope : geographic ? 'geo' : 'on-demand';
  return `${account}/${region}/${modelId}/${pool}`;
}

/** The tier that a target of a route's own list belongs to; its baseline list is the tier `baseline`. */
export function tierOf(target: Pick<Target, 'scope'>): Tier {
  return target.scope === 'dedicated' ? 'dedicated' : 'serverless';
}
