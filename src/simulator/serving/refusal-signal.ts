import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Refusal } from './serving-backend.ts';

/** The answer by which AWS tells a caller that a call is not served: name, status and text. */
export function signalOfRefusal(refusal: Refusal): Omit<UpstreamSignal, 'service' | 'phase'> {
  const [errorName, httpStatus, message] = ANSWERS[refusal];
  return { kind: 'answer', errorName, httpStatus, message };
}

const ANSWERS: Record<Refusal, readonly [errorName: string, httpStatus: number, message: string]> = {
  'no-capacity': [
    'ValidationError',
    400,
    'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.',
  ],
  throttled: ['ThrottlingException', 429, 'Too many tokens or requests, please wait before trying again.'],
  unavailable: [
    'ServiceUnavailableException',
    503,
    'Bedrock is unable to process your request. Please try again later.',
  ],
  'not-ready': [
    'ModelNotReadyException',
    429,
    'Model is not ready for inference. Wait and try your request again.',
  ],
  'too-long': ['ValidationException', 400, 'Input is too long for requested model.'],
};
