/** Every fault of the battery: what strikes the first target of a row, and what must follow. */

/** Where it strikes: at the head, before any content, after the first, amid and after the last piece of it, at the end mark, or all along. */
type Phase = 'head' | 'no content' | 'first' | 'middle' | 'last' | 'end' | 'throughout';

/**
 * `moves on`: the next target answers. `breaks`: a typed error after content. `stays`: the first answers all the same.
 * `left`: the caller goes, and the call of the target with it.
 */
export type Ending = 'moves on' | 'breaks' | 'resumed' | 'stays' | 'refused' | 'left';

export interface BatteryFault {
  /** Row of the chaos matrix, C1 to C14. */
  readonly chaos: string;
  readonly name: string;
  readonly phase: Phase;
  /** Rules of the stand-in, by the service of the target; undefined where the service has no such fault. */
  readonly bedrock?: Readonly<Record<string, unknown>> | undefined;
  readonly sagemaker?: Readonly<Record<string, unknown>> | undefined;
  /** Of an answer that is streamed; a plain one moves on from wherever it broke. */
  readonly ending: Ending;
  /** Of a plain answer, where it is neither that nor to move on from a break. */
  readonly plainEnding?: Ending | undefined;
  /** Its rule knows OpenAI's chunks only. TGI tells usage with the end mark. */
  readonly notTgi?: true | undefined;
  /** Only streams can be struck so. */
  readonly inStream: boolean;
}

export const FLOOD_BYTES = 200_000_000;

const phasesInside: readonly Phase[] = ['no content', 'first', 'middle', 'last'];

function atHead(
  chaos: string,
  name: string,
  rules: Pick<BatteryFault, 'bedrock' | 'sagemaker'> & { readonly ending?: Ending },
): BatteryFault {
  return { chaos, name, phase: 'head', inStream: false, ending: 'moves on', ...rules };
}

const error = (bedrock: string | undefined, sagemaker: string | undefined) => ({
  bedrock: bedrock === undefined ? undefined : { kind: 'error', error: bedrock },
  sagemaker: sagemaker === undefined ? undefined : { kind: 'error', error: sagemaker },
});
const both = (rule: Readonly<Record<string, unknown>>) => ({ bedrock: rule, sagemaker: rule });

function inside(
  chaos: string,
  name: string,
  rules: Pick<BatteryFault, 'bedrock' | 'sagemaker'>,
): readonly BatteryFault[] {
  return phasesInside.map((phase) => ({
    chaos,
    name,
    phase,
    inStream: true,
    ending: phase === 'no content' ? ('moves on' as const) : ('breaks' as const),
    ...rules,
  }));
}

export const batteryFaults: readonly BatteryFault[] = [
  atHead('C1', 'connection refused', both({ kind: 'refuse' })),
  atHead('C2', 'throttled', both({ kind: 'throttle' })),
  atHead('C2', 'throttled, with Retry-After', both({ kind: 'throttle', retryAfterSeconds: 7 })),
  atHead('C3', 'internal error', error('InternalServerException', 'InternalFailure')),
  atHead('C3', 'service unavailable', error('ServiceUnavailableException', 'ServiceUnavailable')),
  atHead('C3', 'model not ready', error('ModelNotReadyException', 'ModelNotReadyException')),
  atHead('C3', 'model error', error('ModelErrorException', 'ModelError')),
  atHead('C3', 'model timeout', error('ModelTimeoutException', undefined)),
  atHead('C3', 'dependency failed', error(undefined, 'InternalDependencyException')),
  atHead('C4', 'access denied', error('AccessDeniedException', 'AccessDeniedException')),
  atHead('C4', 'not found', error('ResourceNotFoundException', undefined)),
  atHead('C4', 'expired credentials', error('ExpiredTokenException', 'ExpiredTokenException')),
  atHead('C4', 'validation', { ...error('ValidationException', 'ValidationError'), ending: 'refused' }),
  atHead('C5', 'silence', both({ kind: 'hang' })),
  ...inside('C6', 'cut', both({ kind: 'cut-stream' })),
  ...inside('C6', 'reset', both({ kind: 'reset' })),
  ...inside('C7', 'stall', both({ kind: 'stall-stream' })),
  ...inside('C8', 'malformed frame', both({ kind: 'malformed-frame' })),
  ...inside('C11', 'exception', both({ kind: 'stream-exception' })),
  ...['ThrottlingException', 'ServiceUnavailableException', 'ModelStreamErrorException'].flatMap((error) =>
    inside('C11', `${error} inside`, { bedrock: { kind: 'stream-exception', error } }),
  ),
  {
    ...{ chaos: 'C11', name: 'validation inside', phase: 'no content', inStream: true, ending: 'refused' },
    bedrock: { kind: 'stream-exception', error: 'ValidationException' },
  },
  {
    ...{ chaos: 'C9', name: 'end mark and usage lost', phase: 'end', inStream: true, ending: 'breaks' },
    sagemaker: { kind: 'cut-stream' },
  },
  {
    ...{ chaos: 'C9', name: 'usage lost', phase: 'end', inStream: true, ending: 'breaks' },
    bedrock: { kind: 'omit-usage' },
  },
  {
    ...{ chaos: 'C9', name: 'usage lost', phase: 'end', inStream: true, ending: 'stays' },
    sagemaker: { kind: 'omit-usage' },
    notTgi: true,
  },
  {
    ...{ chaos: 'C10', name: 'cut at every byte', phase: 'throughout', inStream: true, ending: 'stays' },
    ...both({ kind: 'split-frames' }),
  },
  ...inside('C12', 'caller leaves', both({ kind: 'stall-stream' })).map((fault) => ({
    ...fault,
    ending: 'left' as const,
  })),
  {
    ...{ chaos: 'C13', name: '200 MB, and nobody reads', phase: 'first', inStream: true, ending: 'left' },
    ...both({ kind: 'flood', bytes: FLOOD_BYTES }),
    plainEnding: 'moves on',
    notTgi: true,
  },
  ...(['no content', 'middle'] as const).map((phase) => ({
    ...{ chaos: 'C14', name: 'pauses', phase, inStream: true, ending: 'stays' as const },
    ...both({ kind: 'stall-stream', milliseconds: 100 }),
  })),
  atHead('C14', 'slow', { ...both({ kind: 'latency', milliseconds: 100 }), ending: 'stays' }),
];
