/** Every fault of the battery. */
import { type BatteryFault, both, type Phase } from './battery-fault.ts';
import { bedrockErrors, headFaults } from './battery-head-faults.ts';

export const FLOOD_BYTES = 200_000_000;

const phasesInside: readonly Phase[] = ['no content', 'first', 'middle', 'last'];
/** Of a fault that ends as others do, and is told otherwise. */
const twoInside: readonly Phase[] = ['no content', 'middle'];

function inside(
  chaos: string,
  name: string,
  rules: Pick<BatteryFault, 'bedrock' | 'sagemaker'>,
  phases: readonly Phase[] = phasesInside,
): readonly BatteryFault[] {
  return phases.map((phase) => ({
    chaos,
    name,
    phase,
    inStream: true,
    ending: phase === 'no content' ? ('moves on' as const) : ('breaks' as const),
    ...rules,
  }));
}

/** The stream of Converse does not model it; that of a container says that it was invoked for too long. */
const modelTimeout = {
  bedrock: { kind: 'stream-error', error: 'ModelTimeoutException' },
  sagemaker: { kind: 'stream-exception', error: 'ModelStreamError', message: 'ModelInvocationTimeExceeded' },
};

/** Of these errors the stream of Converse models one. */
function kindInside(name: string): 'stream-exception' | 'stream-error' {
  return name === 'ValidationException' ? 'stream-exception' : 'stream-error';
}

/** The caller's fault, before anything was shown. */
function refusedInside(name: string, message: string): BatteryFault {
  const rule = { kind: 'stream-exception', error: 'ValidationException', message };
  return { chaos: 'C11', name, phase: 'no content', inStream: true, ending: 'refused', bedrock: rule };
}

export const batteryFaults: readonly BatteryFault[] = [
  ...headFaults,
  ...inside('C6', 'cut', both({ kind: 'cut-stream' })),
  ...inside('C6', 'reset', both({ kind: 'reset' })),
  ...inside('C7', 'stall', both({ kind: 'stall-stream' })),
  ...inside('C8', 'malformed frame', both({ kind: 'malformed-frame' })),
  ...inside('C11', 'exception', both({ kind: 'stream-exception' })),
  ...['ThrottlingException', 'ServiceUnavailableException', 'ModelStreamErrorException'].flatMap((error) =>
    inside('C11', `${error} inside`, { bedrock: { kind: 'stream-exception', error } }),
  ),
  ...inside('C11', 'model timeout inside', modelTimeout, twoInside),
  ...Object.entries(bedrockErrors).flatMap(([name, told]) =>
    inside('C11', `${name} inside`, { bedrock: { kind: kindInside(told.error), ...told } }, ['no content']),
  ),
  refusedInside('validation inside', 'temperature must be at most 1'),
  refusedInside('too long inside', 'Input is too long for requested model.'),
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
  },
  ...(['no content', 'middle'] as const).map((phase) => ({
    ...{ chaos: 'C14', name: 'pauses', phase, inStream: true, ending: 'stays' as const },
    ...both({ kind: 'stall-stream', milliseconds: 100 }),
  })),
];
