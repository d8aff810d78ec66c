import type { CallContext, ServiceDefinition } from '#local/service.ts';

/** What a call noted for the journal. */
interface Noted {
  target?: string;
  reach?: readonly string[];
  servedRegion?: string;
}

export interface Caller {
  readonly account?: string;
  readonly region?: string;
  readonly signal?: AbortSignal;
  readonly noted?: Noted;
}

/** Calls an operation of a service without a wire, as the server would after decoding the request. */
export async function directCall(
  service: ServiceDefinition | undefined,
  operation: string,
  input: Record<string, unknown>,
  caller: Caller = {},
  // biome-ignore lint/suspicious/noExplicitAny: operations answer what the SDK's schemas say at run time
): Promise<any> {
  const run = service?.operations[operation];
  if (!service || !run) throw new Error(`no operation ${operation}`);
  const place = { account: caller.account ?? '111111111111', region: caller.region ?? 'us-east-1' };
  const target = service.targetOf?.(operation, input);
  Object.assign(caller.noted ?? {}, target && { target }, service.reachOf?.(operation, input, place));
  const context: CallContext = {
    service: service.service,
    operation,
    ...place,
    caller: { arn: `arn:aws:iam::${place.account}:user/test` },
    requestId: 'request-1',
    headers: {},
    body: new Uint8Array(),
    signal: caller.signal ?? new AbortController().signal,
    answerHeader: () => undefined,
    note: (facts) => Object.assign(caller.noted ?? {}, facts),
  };
  return await run(input, context);
}
