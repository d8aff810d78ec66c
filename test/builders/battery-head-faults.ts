/** The faults that strike before there is a head of an answer: the failure matrix, row by row. */
import { type BatteryFault, both } from './battery-fault.ts';

type Rules = Pick<BatteryFault, 'bedrock' | 'sagemaker' | 'status' | 'place'>;

/** What a service answers: its name for the error, and what its name alone does not tell. */
interface Told {
  readonly error: string;
  readonly message?: string;
  readonly originalStatusCode?: number;
}

function movesOn(chaos: string, name: string, rules: Rules): BatteryFault {
  return { chaos, name, phase: 'head', inStream: false, ending: 'moves on', ...rules };
}

function refused(name: string, rules: Rules): BatteryFault {
  return { ...movesOn('C4', name, rules), ending: 'refused' };
}

const error = (bedrock: string | Told | undefined, sagemaker: string | Told | undefined) => ({
  bedrock: errorRule(bedrock),
  sagemaker: errorRule(sagemaker),
});

function errorRule(told: string | Told | undefined) {
  if (told === undefined) return undefined;
  return { kind: 'error', ...(typeof told === 'string' ? { error: told } : told) };
}

/** Errors of Bedrock that only their words tell, or that streams do not model. */
export const bedrockErrors = {
  'quota exceeded': { error: 'ServiceQuotaExceededException' },
  'model not ready': { error: 'ModelNotReadyException' },
  'access denied': { error: 'AccessDeniedException' },
  'agreement pending': {
    error: 'AccessDeniedException',
    message: 'Your AWS Marketplace subscription for this model is being processed. Try again later.',
  },
  'not found': { error: 'ResourceNotFoundException' },
  'form not filled': {
    error: 'ResourceNotFoundException',
    message: 'FTUFormNotFilled: Model use case details have not been submitted for this account.',
  },
  'needs a profile': {
    error: 'ValidationException',
    message:
      'Invocation of this model ID with on-demand throughput isn’t supported. Retry with an inference profile.',
  },
  'invalid model id': {
    error: 'ValidationException',
    message: 'The provided model identifier is invalid.',
  },
} as const satisfies Readonly<Record<string, Told>>;

/** A fault that has Bedrock's error of its name. */
const byBedrock = (chaos: string, name: keyof typeof bedrockErrors, sagemaker?: string): BatteryFault =>
  movesOn(chaos, name, error(bedrockErrors[name], sagemaker));
const containerSays = (originalStatusCode: number, message = 'the container failed') => ({
  error: 'ModelError',
  message,
  originalStatusCode,
});

export const headFaults: readonly BatteryFault[] = [
  movesOn('C1', 'connection refused', both({ kind: 'refuse' })),
  movesOn('C1', 'name not found', { place: 'unresolvable' }),
  movesOn('C1', 'no TLS', { place: 'no TLS' }),
  movesOn('C2', 'throttled', both({ kind: 'throttle' })),
  movesOn('C2', 'throttled, with Retry-After', both({ kind: 'throttle', retryAfterSeconds: 7 })),
  byBedrock('C2', 'quota exceeded'),
  movesOn('C2', 'container throttled', error(undefined, containerSays(429))),
  movesOn('C3', 'internal error', error('InternalServerException', 'InternalFailure')),
  movesOn('C3', 'service unavailable', error('ServiceUnavailableException', 'ServiceUnavailable')),
  byBedrock('C3', 'model not ready', 'ModelNotReadyException'),
  movesOn('C3', 'model error', error('ModelErrorException', 'ModelError')),
  movesOn(
    'C3',
    'model error of 500',
    error({ error: 'ModelErrorException', originalStatusCode: 500 }, containerSays(500)),
  ),
  movesOn('C3', 'container unavailable', error(undefined, containerSays(503))),
  movesOn('C3', 'model timeout', error('ModelTimeoutException', undefined)),
  movesOn('C3', 'dependency failed', error(undefined, 'InternalDependencyException')),
  movesOn(
    'C3',
    'no capacity to process',
    error(undefined, {
      error: 'ValidationError',
      message: 'Inference Component has no capacity to process this request.',
    }),
  ),
  byBedrock('C4', 'access denied', 'AccessDeniedException'),
  byBedrock('C4', 'agreement pending'),
  byBedrock('C4', 'not found'),
  byBedrock('C4', 'form not filled'),
  movesOn(
    'C4',
    'endpoint not found',
    error(undefined, {
      error: 'ValidationError',
      message: 'Endpoint battery of account 111111111111 not found.',
    }),
  ),
  byBedrock('C4', 'needs a profile'),
  byBedrock('C4', 'invalid model id'),
  movesOn('C4', 'expired credentials', error('ExpiredTokenException', 'ExpiredTokenException')),
  refused('validation', error('ValidationException', 'ValidationError')),
  refused(
    'too long',
    error(
      { error: 'ValidationException', message: 'Input is too long for requested model.' },
      containerSays(400, "This model's maximum context length is 8192 tokens."),
    ),
  ),
  refused(
    'container refuses',
    error({ error: 'ModelErrorException', originalStatusCode: 400 }, containerSays(422)),
  ),
  refused('too large', {
    ...error('RequestEntityTooLargeException', 'RequestEntityTooLargeException'),
    status: 413,
  }),
  movesOn('C5', 'silence', both({ kind: 'hang' })),
  {
    ...movesOn('C14', 'slow', both({ kind: 'latency', milliseconds: 100 })),
    ending: 'stays',
  },
];
