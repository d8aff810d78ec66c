/** An HTTP gateway as a function handler: event in, streamed answer out, and never an error that ends the process. */
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { Context } from 'aws-lambda';
import { isHouseError } from '#core/errors/house-error.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import type { GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';
import { requestOfEvent } from './request-of-event.ts';
import { type StreamedAnswer, streamedAnswer } from './streamed-answer.ts';

type HandlingGateway = Pick<Gateway, 'answer' | 'settled'>;

/** What the gateway answers nobody with: it takes the end of the function's time for its caller's leaving. */
const CALLER_LEFT_STATUS = 499;

/**
 * Left for the answer's last words when the function's own time runs out, and for what is written behind it: a process
 * that is paused for half a second, as a small one may be, still says them.
 */
const LAST_WORDS_MS = 1_000;
/** The gateway's own deadline comes so much earlier: it ends an answer in its caller's wire format. */
const OWN_DEADLINE_MS = 250;

/** What is written behind an answer holds the process no longer: it can answer nobody else meanwhile. */
const BEHIND_MS_MAX = 2_500;
/** For the platform to hear that the invocation is over, before it kills the process. */
const ENDING_MS = 150;

/**
 * @param start composes and starts the gateway with the first event, so that loading the module does no work; one that
 *   fails is tried again with the next event
 */
export function createGatewayHandler(start: () => Promise<HandlingGateway>) {
  let starting: Promise<HandlingGateway> | undefined;
  let running: HandlingGateway | undefined;
  const started = async () => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    running = await starting;
    return running;
  };
  const settled = (context: Context) => running?.settled(behindMs(context));
  const answer = async (event: unknown, context: Context): Promise<StreamedAnswer> => {
    const deadline = functionDeadline(context);
    try {
      const request = requestOfEvent(event, deadline.signal);
      const gateway = await started();
      const answered = await gateway.answer({ ...request, answerWithinMs: answerWithinMs(context) });
      const isCutOff = () => deadline.signal.aborted;
      if (isCutOff() && answered.status === CALLER_LEFT_STATUS) {
        deadline.clear();
        return outOfTime();
      }
      const hooks = { onEnd: deadline.clear, onDefect: reportDefect, isCutOff };
      const shown = request.method === 'HEAD' ? withoutBody(answered) : answered;
      return streamedAnswer(shown, { ...hooks, settled: () => settled(context) });
    } catch (error) {
      deadline.clear();
      if (!isHouseError(error)) reportDefect(error);
      return failure(error);
    }
  };
  // The deadline is ours: middy's ends with the handler, ours with the last byte.
  return middy<unknown, StreamedAnswer>({
    executionMode: executionModeStreamifyResponse,
    timeoutEarlyInMillis: 0,
    // The caller has the whole answer by then, and the process runs on until this is over.
    requestEnd: ({ context }) => settled(context),
  }).handler(answer);
}

function withoutBody(answer: GatewayAnswer): GatewayAnswer {
  if (answer.body !== null && typeof answer.body !== 'string') answer.body.cancel();
  return { ...answer, body: null };
}

const behindMs = (context: Context): number =>
  Math.max(0, Math.min(BEHIND_MS_MAX, context.getRemainingTimeInMillis() - ENDING_MS));

const answerWithinMs = (context: Context): number =>
  Math.max(0, context.getRemainingTimeInMillis() - LAST_WORDS_MS - OWN_DEADLINE_MS);

/** Aborts shortly before the function is killed, so that the call to the target ends and the caller hears why. */
function functionDeadline(context: Context): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const remainingMs = Math.max(0, context.getRemainingTimeInMillis() - LAST_WORDS_MS);
  const timer = setTimeout(() => controller.abort(new Error('the function runs out of time')), remainingMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function failure(error: unknown): StreamedAnswer {
  if (!isHouseError(error) || !error.expose)
    return errorAnswer(500, { message: 'the gateway failed', type: 'api_error', code: 'internal_error' });
  const { message, code } = error;
  return errorAnswer(error.httpStatus, { message, type: 'invalid_request_error', code });
}

const outOfTime = (): StreamedAnswer =>
  errorAnswer(504, { message: 'the gateway ran out of time', type: 'api_error', code: 'timed_out' });

function errorAnswer(
  statusCode: number,
  error: { readonly message: string; readonly type: string; readonly code: string },
): StreamedAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { ...error, param: null } }),
  };
}

function reportDefect(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stdout.write(`${JSON.stringify({ level: 'error', event: 'gateway-defect', error: text })}\n`);
}
