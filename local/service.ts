/**
 * What a stand-in service is: a table of operations that the wire layer decodes, authenticates, journals,
 * puts under faults and encodes. A service knows nothing of HTTP.
 *
 * Invariant: nothing under local/ imports the product; it may read data/ and src/serving-model.
 */

import type { AccessQuestion } from './iam/access-question.ts';

/** The facts of one received call. */
export interface CallContext {
  /** Endpoint prefix: `bedrock`, `bedrock-runtime`, `sagemaker`, `dynamodb`, `monitoring`, `sts`, ... */
  readonly service: string;
  readonly operation: string;
  /** Twelve digits, from the access key that signed the call. */
  readonly account: string;
  /** From the credential scope of the signature. */
  readonly region: string;
  readonly requestId: string;
  /** Lower-case request headers. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw request body as received, after content decoding. */
  readonly body: Uint8Array;
  /** Who signed: the account's own key, or a role that it assumed. */
  readonly caller: Caller;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  /** Adds a header to the answer that the operation's own shape does not have. */
  answerHeader(name: string, value: string): void;
  /** Adds what only the service knows to this call's journal entry. */
  note(facts: { target?: string; reach?: readonly string[]; servedRegion?: string }): void;
}

/** The identity behind a signature. */
export interface Caller {
  /** As GetCallerIdentity tells it: an IAM user or an assumed role. */
  readonly arn: string;
  /** Only for assumed roles: the role's own ARN, as resource policies name it. */
  readonly roleArn?: string;
}

/** Where a call goes, by the stand-in's own facts. */
export interface CallReach {
  readonly reach: readonly string[];
  readonly servedRegion?: string;
}

/** An answer body that is already in wire form, for an engine that speaks the protocol itself. */
export class RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly errorName: string | undefined;
  constructor(status: number, body: string, errorName?: string) {
    this.status = status;
    this.body = body;
    this.errorName = errorName;
  }
}

/**
 * One operation. The answer is the SDK's own output shape; a member that the schema marks as an event stream
 * is an `AsyncIterable` of the union's members. Errors are instances of the SDK client's own error classes.
 */
// biome-ignore lint/suspicious/noExplicitAny: the schema of the SDK client types each operation at run time
export type Operation = (input: any, context: CallContext) => Promise<unknown> | unknown;

/** A service the server can offer: the SDK client module that holds its schemas, and its operations. */
export interface ServiceDefinition {
  /** Endpoint prefix, as in fault rules and in the journal. */
  readonly service: string;
  /** Service names that callers sign for. `bedrock-runtime` signs as `bedrock`. */
  readonly signingNames: readonly string[];
  /** The imported `@aws-sdk/client-*` module: operation schemas and error classes. */
  readonly client: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Errors, with their status, that the service documents and the SDK's model does not list. */
  readonly unmodelledErrors?: Readonly<Record<string, number>>;
  /** The resource a call is about, as fault rules match it (model id, profile id, endpoint, table), before it runs. */
  targetOf?(operation: string, input: Readonly<Record<string, unknown>>): string | undefined;
  /** The reach of a call before it runs, so that the journal has it also for calls that a fault kills. */
  reachOf?(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    place: { readonly account: string; readonly region: string },
  ): CallReach | undefined;
  /**
   * What a call asks IAM, as AWS's authorization reference tells it; none for a call that everybody may make. Undefined
   * where the service does not know: then only the account's own key passes. Asked only where IAM is judged.
   */
  questionsOf?(
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): Promise<readonly AccessQuestion[] | undefined> | readonly AccessQuestion[] | undefined;
}

/** One resource of the control API under `/_local/`. Bodies are parsed JSON; the answer is sent as JSON. */
export interface ControlResource {
  /** First path segment after `/_local/`. */
  readonly name: string;
  /** By HTTP method. Throws `ControlError` for a bad body: the caller gets 400 and every violation. */
  readonly methods: Readonly<
    Record<string, (body: unknown, query: URLSearchParams) => unknown | Promise<unknown>>
  >;
}

/** A caller that gets this many things wrong at once reads no more of them. */
const VIOLATIONS_SHOWN_MAX = 100;

/** A control request that was refused as a whole; nothing of it was applied. */
export class ControlError extends Error {
  readonly violations: readonly { readonly path: string; readonly message: string }[];
  constructor(violations: readonly { readonly path: string; readonly message: string }[]) {
    const rest = violations.length - VIOLATIONS_SHOWN_MAX;
    const more = rest > 0 ? [{ path: '$', message: `and ${rest} more violations` }] : [];
    const shown = [...violations.slice(0, VIOLATIONS_SHOWN_MAX), ...more];
    super(shown.map((violation) => `${violation.path}: ${violation.message}`).join('; '));
    this.name = 'ControlError';
    this.violations = shown;
  }
}
