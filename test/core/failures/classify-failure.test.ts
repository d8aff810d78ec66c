import { describe, expect, it } from 'vitest';
import { classifyFailure, RETRY_AFTER_MS_MAX } from '#core/failures/classify-failure.ts';
import { DIMENSIONS_DIFFER, failureTable } from '#core/failures/failure-table.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';

const bedrock = (errorName: string, httpStatus?: number, message = 'scripted') =>
  aSignal({ errorName, httpStatus, message });
const sagemaker = (
  errorName: string,
  httpStatus?: number,
  message = 'scripted',
  originalStatusCode?: number,
) => aSignal({ service: 'sagemaker-runtime', errorName, httpStatus, message, originalStatusCode });

/** Every row of the retry and failover matrix, and the spellings in which it arrives. */
const rows = [
  ['Bedrock throttling', bedrock('ThrottlingException', 429), 'quota', 'throttled'],
  [
    'Bedrock throttling inside the stream',
    { ...bedrock('throttlingException'), phase: 'in-stream' },
    'quota',
    'throttled',
  ],
  ['an unnamed 429', aSignal({ httpStatus: 429 }), 'quota', 'throttled'],
  ['Bedrock model not ready', bedrock('ModelNotReadyException', 429), 'no-capacity', 'model-not-ready'],
  [
    'Bedrock service unavailable',
    bedrock('ServiceUnavailableException', 503),
    'no-capacity',
    'service-unavailable',
  ],
  [
    'Bedrock service unavailable inside the stream',
    bedrock('serviceUnavailableException'),
    'no-capacity',
    'service-unavailable',
  ],
  ['Bedrock internal error', bedrock('InternalServerException', 500), 'broken', 'server-error'],
  ['Bedrock internal error inside the stream', bedrock('internalServerException'), 'broken', 'server-error'],
  ['Bedrock model timeout', bedrock('ModelTimeoutException', 408), 'broken', 'model-timeout'],
  [
    'Bedrock model error of 500',
    aSignal({ errorName: 'ModelErrorException', httpStatus: 424, originalStatusCode: 500 }),
    'broken',
    'container-error',
  ],
  [
    'Bedrock model error of 400',
    aSignal({ errorName: 'ModelErrorException', httpStatus: 424, originalStatusCode: 400 }),
    'callers-fault',
    'container-refused',
  ],
  ['Bedrock model stream error', bedrock('modelStreamErrorException'), 'broken', 'stream-error'],
  ['access denied', bedrock('AccessDeniedException', 403), 'targets-fault', 'access-denied'],
  ['an unnamed 403', aSignal({ httpStatus: 403 }), 'targets-fault', 'access-denied'],
  [
    'a subscription under way',
    bedrock(
      'AccessDeniedException',
      403,
      'Your Marketplace subscription for this model is being processed. Try again later.',
    ),
    'targets-fault',
    'agreement-pending',
  ],
  ['model not found', bedrock('ResourceNotFoundException', 404), 'targets-fault', 'not-found'],
  [
    'the use case form is missing',
    bedrock(
      'ResourceNotFoundException',
      404,
      'FTUFormNotFilled: Model use case details have not been submitted',
    ),
    'targets-fault',
    'form-missing',
  ],
  [
    'a plain id that needs a profile',
    bedrock(
      'ValidationException',
      400,
      'Invocation of model ID x with on-demand throughput isn’t supported. Retry with an inference profile.',
    ),
    'targets-fault',
    'needs-profile',
  ],
  [
    'an invalid model id',
    bedrock('ValidationException', 400, 'The provided model identifier is invalid.'),
    'targets-fault',
    'invalid-model-id',
  ],
  [
    'another validation error',
    bedrock('ValidationException', 400, 'temperature must be at most 1'),
    'callers-fault',
    'invalid-request',
  ],
  [
    'a validation error inside the stream',
    bedrock('validationException', undefined, 'bad schema'),
    'callers-fault',
    'invalid-request',
  ],
  [
    'a prompt that is too long',
    bedrock('ValidationException', 400, 'Input is too long for requested model.'),
    'callers-fault',
    'context-too-long',
  ],
  ['a body that is too large', aSignal({ httpStatus: 413 }), 'callers-fault', 'request-too-large'],
  [
    'a model that CountTokens does not know',
    bedrock('ValidationException', 400, "The provided model doesn't support counting tokens."),
    'unable',
    'counting-unsupported',
  ],
  ['vectors of another length than asked for', sagemaker(DIMENSIONS_DIFFER), 'unable', 'dimensions-differ'],
  [
    'a model without tools',
    bedrock('ValidationException', 400, "This model doesn't support tool use."),
    'unable',
    'capability-refused',
  ],
  [
    'a model without prompt caching, which calls it a denial',
    bedrock(
      'AccessDeniedException',
      403,
      'You invoked an unsupported model or your request did not allow prompt caching.',
    ),
    'unable',
    'capability-refused',
  ],
  [
    'a container without a tool parser',
    sagemaker('ModelError', 424, '"auto" tool choice requires --enable-auto-tool-choice', 400),
    'unable',
    'capability-refused',
  ],
  ['SageMaker throttling', sagemaker('ThrottlingException', 429), 'quota', 'throttled'],
  ['SageMaker denied', sagemaker('AccessDeniedException', 403), 'targets-fault', 'access-denied'],
  ['a service quota', bedrock('ServiceQuotaExceededException', 400), 'quota', 'quota-exceeded'],
  [
    'a dedicated target that is scaled to zero',
    sagemaker(
      'ValidationError',
      400,
      'Inference Component has no capacity to process this request. Please retry.',
    ),
    'no-capacity',
    'cold',
  ],
  [
    'an endpoint that does not exist',
    sagemaker('ValidationError', 400, 'Endpoint chat-small of account 111111111111 not found.'),
    'targets-fault',
    'endpoint-missing',
  ],
  [
    'a body that SageMaker refuses',
    sagemaker('ValidationError', 400, 'body is not valid'),
    'callers-fault',
    'invalid-request',
  ],
  ['a container that fails', sagemaker('ModelError', 424, 'x', 500), 'broken', 'container-error'],
  [
    'a container that throttles',
    sagemaker('ModelError', 424, 'x', 429),
    'no-capacity',
    'container-throttled',
  ],
  [
    'a container that is unavailable',
    sagemaker('ModelError', 424, 'x', 503),
    'no-capacity',
    'container-unavailable',
  ],
  ['a container that refuses', sagemaker('ModelError', 424, 'x', 422), 'callers-fault', 'container-refused'],
  [
    'a container whose context is too small',
    sagemaker('ModelError', 424, "This model's maximum context length is 4096 tokens", 400),
    'callers-fault',
    'context-too-long',
  ],
  ['a container that times out', sagemaker('ModelError', 424, 'x', 408), 'broken', 'container-timeout'],
  [
    'a SageMaker model that loads',
    sagemaker('ModelNotReadyException', 429),
    'no-capacity',
    'model-not-ready',
  ],
  ['SageMaker unavailable', sagemaker('ServiceUnavailable', 503), 'no-capacity', 'service-unavailable'],
  ['SageMaker internal failure', sagemaker('InternalFailure', 500), 'broken', 'server-error'],
  ['SageMaker dependency', sagemaker('InternalDependencyException', 530), 'broken', 'server-error'],
  ['an unnamed 502', aSignal({ httpStatus: 502 }), 'broken', 'server-error'],
  [
    'a SageMaker stream that breaks',
    sagemaker('ModelStreamError', undefined, 'StreamBroken'),
    'broken',
    'stream-error',
  ],
  ['a SageMaker stream that fails inside', sagemaker('InternalStreamFailure'), 'broken', 'stream-error'],
  ['an expired token', bedrock('ExpiredTokenException', 403), 'no-credentials', 'credentials-rejected'],
  ['an incomplete signature', bedrock('IncompleteSignature', 403), 'no-credentials', 'credentials-rejected'],
  ['a request that expired', bedrock('RequestExpired', 400), 'no-credentials', 'credentials-rejected'],
  ['a 401', aSignal({ httpStatus: 401 }), 'no-credentials', 'credentials-rejected'],
  ['a role that cannot be assumed', aSignal({ kind: 'credentials' }), 'no-credentials', 'role-unavailable'],
  ['no connection', aSignal({ kind: 'connect' }), 'broken', 'connect-failed'],
  ['a reset', aSignal({ kind: 'reset' }), 'broken', 'connection-reset'],
  ['a broken frame', aSignal({ kind: 'malformed', phase: 'in-stream' }), 'broken', 'malformed-answer'],
  [
    'a stream without its end',
    aSignal({ kind: 'incomplete', phase: 'in-stream' }),
    'broken',
    'incomplete-answer',
  ],
  ['a connect deadline', aSignal({ kind: 'timeout', deadline: 'connect' }), 'broken', 'connect-timeout'],
  [
    'a first content deadline',
    aSignal({ kind: 'timeout', deadline: 'first-content' }),
    'broken',
    'first-content-timeout',
  ],
  [
    'a deadline between tokens',
    aSignal({ kind: 'timeout', deadline: 'between-tokens' }),
    'broken',
    'between-tokens-timeout',
  ],
  ['the total deadline', aSignal({ kind: 'timeout', deadline: 'total' }), 'broken', 'total-timeout'],
  ['an unnamed 424', aSignal({ httpStatus: 424 }), 'broken', 'container-error'],
  ['an unnamed 408', aSignal({ httpStatus: 408 }), 'broken', 'model-timeout'],
  ['an unnamed 404', aSignal({ httpStatus: 404 }), 'targets-fault', 'not-found'],
  ['an unnamed 400', aSignal({ httpStatus: 400 }), 'callers-fault', 'invalid-request'],
  ['an unnamed 503', aSignal({ httpStatus: 503 }), 'no-capacity', 'service-unavailable'],
  ['something nobody has seen', bedrock('SomethingNewException', 418), 'broken', 'unclassified'],
] as const;

describe('the failure table', () => {
  it.each(rows)('reads %s', (_, signal, failureClass, outcome) => {
    expect(classifyFailure(signal)).toMatchObject({ class: failureClass, outcome });
  });

  it.each(rows)('reads %s inside a stream as before one', (_, signal, failureClass, outcome) => {
    const {
      errorName,
      httpStatus: _status,
      ...rest
    } = { errorName: undefined, httpStatus: undefined, ...signal };
    // A stream's exceptions have a small first letter and no status of their own.
    const inside =
      errorName === undefined
        ? signal
        : { ...rest, errorName: errorName.charAt(0).toLowerCase() + errorName.slice(1) };
    expect(classifyFailure({ ...inside, phase: 'in-stream' })).toMatchObject({
      class: failureClass,
      outcome,
    });
  });

  it('has no row that no signal of this test reaches', () => {
    const reached = new Set(rows.map(([, signal]) => classifyFailure(signal)).map(({ outcome }) => outcome));
    expect(failureTable.map(({ outcome }) => outcome).filter((outcome) => !reached.has(outcome))).toEqual([]);
  });
});

describe('what follows from a row', () => {
  it('names the feature that a target refuses, and holds it against no health', () => {
    const verdict = classifyFailure(
      bedrock('ValidationException', 400, "This model doesn't support tool use."),
    );
    expect(verdict).toMatchObject({ refused: 'tools', healthEffect: false });
    expect(classifyFailure(bedrock('ValidationException', 400)).refused).toBeUndefined();
  });

  it('counts a 503 of AWS against the region, and a 500 not', () => {
    expect(classifyFailure(bedrock('ServiceUnavailableException', 503)).countsAgainstRegion).toBe(true);
    expect(classifyFailure(bedrock('InternalServerException', 500)).countsAgainstRegion).toBe(false);
  });

  it.each([
    ['the caller', bedrock('ValidationException', 400)],
    ['a quota', bedrock('ThrottlingException', 429)],
    ['missing credentials', aSignal({ kind: 'credentials' })],
    ['the deadline of the whole request', aSignal({ kind: 'timeout', deadline: 'total' })],
  ] as const)('does not hold %s against the health of the target', (_, signal) => {
    expect(classifyFailure(signal).healthEffect).toBe(false);
  });

  it('caps what an upstream wishes, so that a wrong header closes a pool for a minute at most', () => {
    expect(
      classifyFailure({ ...bedrock('ThrottlingException', 429), retryAfterMs: 86_400_000 }).retryAfterMs,
    ).toBe(RETRY_AFTER_MS_MAX);
    expect(classifyFailure({ ...bedrock('ThrottlingException', 429), retryAfterMs: -5 }).retryAfterMs).toBe(
      0,
    );
    expect(classifyFailure(bedrock('ThrottlingException', 429)).retryAfterMs).toBeUndefined();
  });
});
