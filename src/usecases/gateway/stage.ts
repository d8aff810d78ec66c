import type { GatewayErrorCode } from '#contract/http.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import type { Target, Tier } from '#core/target.ts';
import type { Tenant } from '../ports/tenant-directory.ts';
import type { GatewayRequest } from './gateway-request.ts';

/** Why a stage ends the request: a domain outcome, never thrown. */
export interface Refusal {
  readonly code: GatewayErrorCode;
  /** For the caller: names what is wrong and what would be right; never our accounts, addresses or internals. */
  readonly message: string;
  /** The member of the body or the header that is wrong. */
  readonly param?: string | undefined;
  /** A model of the configuration, where the request is known to name it. Only with `model_not_allowed`. */
  readonly model?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Where the request is lawful. Only with `wrong_gateway_region`. */
  readonly gateways?: readonly GatewayAddress[] | undefined;
  /** Methods that the path knows. Only with `method_not_allowed`. */
  readonly allow?: readonly string[] | undefined;
}

export interface GatewayAddress {
  readonly region: string;
  readonly url: string;
}

/** What a stage hands down, or why the request ends here. */
export type Staged<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal };

export const passed = <Value>(value: Value): Staged<Value> => ({ ok: true, value });

export const refused = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal,
});

/** A request as it arrived. */
export interface Arrival {
  readonly request: GatewayRequest;
  readonly url: URL;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** For measuring: see `Clock.monotonicMs`. */
  readonly startedMs: number;
}

/** The residency that binds a request; its gateways are those that may hold the prompt. */
export interface Placement {
  readonly tenant: Tenant;
  readonly policy: ResidencyPolicy;
  /** Lawful gateways whose address is known. */
  readonly gateways: readonly GatewayAddress[];
  /** Regions of all lawful gateways. */
  readonly gatewayRegions: readonly string[];
  /** False: this very gateway must not read the prompt. */
  readonly lawfulHere: boolean;
}

/** What the response headers say, as far as it is known. */
export interface AnswerLabels {
  readonly requestId: string;
  readonly model?: string | undefined;
  readonly residency?: string | undefined;
  readonly target?: Target | undefined;
  /** The whole reach as judged. */
  readonly reach?: readonly string[] | undefined;
  readonly tier?: Tier | undefined;
  readonly attempts?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** What the next call of the chain may bring back: a whole `tracestate`. */
  readonly traceState?: string | undefined;
  /** What is left of the tenant's limits. */
  readonly rateHeaders?: Readonly<Record<string, string>> | undefined;
}
