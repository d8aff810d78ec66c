/**
 * usecases/gateway/dialects: one file per wire format that callers speak.
 *
 * Invariant: a dialect translates and decides nothing: not the model, not the target, not how a call ends. What it
 * cannot carry into the canonical call it refuses by name. The folder owns no state but that of the stream it writes.
 */
import type { GatewayErrorCode } from '#contract/http.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ChatAnswer } from '#core/chat/fold-events.ts';
import type { ModelEvent, Usage } from '#core/chat/model-event.ts';
import type { SourceBody } from '#core/chat/source-body.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import type { GatewayRequest } from '../gateway-request.ts';
import type { RateViews } from '../rate-limiter.ts';
import type { GatewayAddress } from '../stage.ts';

/** What a path says of a call: Bedrock's paths name the model and the manner of the answer. */
export interface CallPath {
  readonly model?: string | undefined;
  readonly stream?: boolean | undefined;
}

/** A member of a body that is wrong, and what would be right. */
export interface BodyViolation {
  /** As one would write it in code: `messages[2].content`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

/** What of an answer is not the target's: who asked, for what, when. */
export interface AnswerIdentity {
  readonly requestId: string;
  /** The logical model. */
  readonly model: string;
  readonly createdSeconds: number;
  /** Whole milliseconds since the request arrived. */
  elapsedMs(): number;
}

/** How a stream ended that was not whole. */
interface BrokenStream {
  /** How the target failed: an outcome of the failure table. */
  readonly outcome: string;
  /** Undefined when the target did not tell it any more. */
  readonly usage: Usage | undefined;
  /** Content deltas that were shown: about one token each. */
  readonly deltas: number;
}

/** Who goes on with a stream that broke. */
export interface ResumedStream {
  readonly target: string;
  readonly region: string;
  /** The whole reach of the target as judged. */
  readonly reach: readonly string[];
}

/** Writes one streamed answer. Each step gives the bytes to send, possibly none. */
export interface StreamWriter {
  readonly contentType: string;
  /** Headers of the format's own. @default - none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  step(event: ModelEvent): Uint8Array;
  /** After the last event of an answer that is whole; never after a break. */
  end(): Uint8Array;
  /** A typed error in the caller's format. No stop reason, no end marker: the answer is not whole. */
  interrupted(broken: BrokenStream): Uint8Array;
  /**
   * Marks that another target goes on from here, in a way that clients which do not know it pass over. Usage counts
   * both from then on, the broken one's by estimate.
   */
  resumed(mark: ResumedStream): Uint8Array;
  /** The format repeats the whole answer at its end. @default - nothing is held of what was written */
  readonly holdsAnswer?: true | undefined;
  /** Says nothing and keeps idle timers from cutting a long thought. Undefined where the format has no such thing. */
  readonly heartbeat: Uint8Array | undefined;
}

/** A plain answer as it leaves: a JSON body, and headers of the format's own. */
export interface WholeAnswer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Writes the answer of one chat. */
export interface ChatWriter {
  whole(identity: AnswerIdentity, answer: ChatAnswer): WholeAnswer;
  stream(identity: AnswerIdentity): StreamWriter;
}

/** Writes the vectors of one call. */
interface EmbeddingWriter {
  whole(identity: AnswerIdentity, answer: EmbeddingAnswer): WholeAnswer;
}

/** Writes the count of one call. */
interface CountWriter {
  whole(identity: AnswerIdentity, inputTokens: number): WholeAnswer;
}

/** What a body asks for, and how its answer is written. */
export type AskedWork =
  | {
      readonly kind: 'chat';
      readonly request: ChatRequest;
      readonly stream: boolean;
      /** The body itself, for targets that speak its format. @default - no target does */
      readonly source?: SourceBody | undefined;
      readonly writer: ChatWriter;
    }
  | { readonly kind: 'embedding'; readonly request: EmbeddingRequest; readonly writer: EmbeddingWriter }
  | { readonly kind: 'count-tokens'; readonly request: ChatRequest; readonly writer: CountWriter };

/** A body as the gateway's stages need it. */
export type ReadCall =
  | { readonly ok: true; readonly work: AskedWork }
  | { readonly ok: false; readonly violations: readonly BodyViolation[] };

/** An error as callers are told of it. */
interface WireError {
  readonly status: number;
  readonly code: GatewayErrorCode;
  readonly message: string;
  /** The member of the body or the header that is wrong. */
  readonly param?: string | undefined;
  /** Where the request is lawful. */
  readonly gateways?: readonly GatewayAddress[] | undefined;
  readonly requestId: string;
}

/** How a wire format says that something went wrong. */
export interface ErrorFormat {
  body(error: WireError): unknown;
  /** Headers beside those that every error answer has. */
  headers(error: WireError): Readonly<Record<string, string>>;
  /** What is left of the tenant's limits, of an answer or an error at `at`. @default - only what every format says */
  rateHeaders?(views: RateViews, at: number): Readonly<Record<string, string>>;
}

/** One wire format. */
export interface Dialect {
  /** Reads a parsed JSON body; all violations at once. Bedrock's InvokeModel says part of a call in headers. */
  read(body: unknown, path: CallPath, headers: GatewayRequest['headers']): ReadCall;
  readonly errors: ErrorFormat;
}

/** A wire format as a path has it: of most of them a process never hears, so each is loaded with its first call. */
export interface WireFormat {
  readonly errors: ErrorFormat;
  /** Before the first call, so that none waits for it. Rejects when it cannot be loaded. */
  load(): Promise<void>;
  /** As `Dialect.read`; a promise while the dialect is not loaded yet. Rejects when it cannot be loaded. */
  read(...call: Parameters<Dialect['read']>): ReadCall | Promise<ReadCall>;
}
