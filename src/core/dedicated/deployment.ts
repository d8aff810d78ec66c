/**
 * core/dedicated: what is deployed as a dedicated endpoint, and whether its parts can be true together.
 *
 * Invariant: a deployment that was judged sound starts, holds the longest request that the gateway lets in, and takes no
 * more at a time than the gateway gives it; nothing is clamped, every contradiction is named. The folder owns no state.
 */
import type { DescribedEngine } from '../kv/described-engine.ts';
import type { KvFormat } from '../kv/engine.ts';

/**
 * How weights are made small: `…-at-start` by the engine while it starts, the others ahead, as they lie in the model's
 * files, where the engine sees it by itself.
 */
type Quantisation = 'fp8-at-start' | 'bitsandbytes-at-start' | 'fp8' | 'awq' | 'gptq';

/** Guessing tokens ahead, which the model then checks all at once. */
export type Speculation =
  /** Guesses what came after the same words of the prompt. */
  | {
      readonly method: 'ngram';
      readonly tokens: number;
      readonly lookupTokensMin: number;
      readonly lookupTokensMax: number;
    }
  /** Guesses by a small model. */
  | {
      readonly method: 'draft-model' | 'eagle' | 'eagle3';
      readonly tokens: number;
      /** With weights in S3 a folder below them; else a Hugging Face id. */
      readonly draft: string;
      /** What draft and its cache take of all GPUs of a copy, in GiB. */
      readonly memoryGiB: number;
    };

/** Where weights come from. */
type Weights =
  | {
      readonly from: 's3';
      /** All files below it, `s3://bucket/prefix/`. */
      readonly uri: string;
      /** ARN of the key that the objects are encrypted with. @default - one that S3 manages */
      readonly kmsKeyArn?: string | undefined;
    }
  | {
      readonly from: 'hugging-face';
      /** `organization/model`. */
      readonly id: string;
      /** A commit, of 40 hex digits: copies that start later must not serve other weights. */
      readonly revision: string;
      /** Name of the secret in Secrets Manager that holds the access token. @default - the model is public */
      readonly tokenSecret?: string | undefined;
    };

/** To which instance a request goes. */
type Routing =
  | { readonly strategy: 'least-outstanding-requests' }
  | {
      readonly strategy: 'prefix-aware';
      /** Of the body's beginning, 1,024 to 65,536. */
      readonly prefixBytes: number;
      /** Requests in flight on an instance above which another one is taken. @default - as many as it admits */
      readonly concurrencyMax?: number | undefined;
    };

/** Copies by the clock: bounds that hold from each time of the expression on, until another one's. */
export interface ScalingSchedule {
  readonly name: string;
  /** As Application Auto Scaling takes it: `cron(0 7 ? * MON-FRI *)`. */
  readonly at: string;
  /** @default - UTC */
  readonly timeZone?: string | undefined;
  readonly copiesMin: number;
  readonly copiesMax: number;
}

/** A dedicated endpoint to deploy. */
export interface Deployment {
  readonly region: string;
  readonly endpoint: string;
  readonly component: string;
  /** Name that the container answers to. @default - the endpoint's */
  readonly servedModel?: string | undefined;
  /** One to five, best first: SageMaker takes the next where it finds none of the one before. */
  readonly instanceTypes: readonly string[];
  /** GPUs of a copy, which divide each layer among them. @default - all of the instance */
  readonly gpusPerCopy?: number | undefined;
  /** Memory of the host that a copy is placed by, in GiB. */
  readonly memoryGiBPerCopy: number;
  /** CPU cores that a copy is placed by. @default - none are asked for */
  readonly cpuCoresPerCopy?: number | undefined;
  /** What keeps conversations in memory. @default - `kvTokensPerCopy` says what a copy holds */
  readonly engine?: string | DescribedEngine | undefined;
  /** Tokens of cache of a copy. @default - reckoned from `engine` */
  readonly kvTokensPerCopy?: number | undefined;
  /** Longest context, in tokens. */
  readonly contextTokensMax: number;
  /** Longest answer, in tokens. @default - what the context leaves */
  readonly outputTokensMax?: number | undefined;
  /** Requests that a copy serves at a time: the gateway lets no more in, and the engine batches as many. */
  readonly concurrencyPerCopy: number;
  readonly weights: Weights;
  /** @default - weights are as the model was trained */
  readonly quantisation?: Quantisation | undefined;
  /** @default - one token at a time */
  readonly speculation?: Speculation | undefined;
  /** Keeps the beginnings of prompts in memory for the next request that has the same one. */
  readonly prefixCaching: boolean;
  readonly scheduling: 'fcfs' | 'priority';
  /** Tokens that the engine reads and writes in one step. @default - the engine's own */
  readonly stepTokensMax?: number | undefined;
  /** vLLM's `tool_call_parser`. @default - no tools are called */
  readonly toolParser?: string | undefined;
  /** vLLM's `reasoning_parser`. @default - thoughts are not told from the answer */
  readonly reasoningParser?: string | undefined;
  /** @default - as `engine` says, else `bf16` */
  readonly kvFormat?: KvFormat | undefined;
  /** Share of each GPU's memory that the engine takes. @default - as `engine` says, else 0.9 */
  readonly utilisation?: number | undefined;
  readonly routing: Routing;
  /** Copies to start with. */
  readonly copies: number;
  /** 0 lets the endpoint sleep: then a call that finds no copy wakes one. */
  readonly copiesMin: number;
  readonly copiesMax: number;
  /** Requests in flight that a copy should have; more of them mean more copies. */
  readonly targetConcurrencyPerCopy: number;
  /** Share of the cache that should be reserved; more means more copies. @default - cache is no reason to scale */
  readonly targetKvShare?: number | undefined;
  /** @default - none */
  readonly schedules?: readonly ScalingSchedule[] | undefined;
}

/** A member of a deployment that cannot be true beside another. */
export interface Contradiction {
  /** Where: `instanceTypes[1]`. */
  readonly member: string;
  /** What is wrong, with the value, and what would be right. */
  readonly message: string;
}
