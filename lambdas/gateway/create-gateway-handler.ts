/** An HTTP gateway as a function handler: event in, streamed answer out, and never an error that ends the process. */
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { Context } from 'aws-lambda';
import { isHouseError } from '#core/errors/house-error.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import { requestOfEvent } from './request-of-event.ts';
import { type StreamedAnswer, streamedAnswer } from './streamed-answer.ts';

type HandlingGateway = Pick<Gateway, 'answer' | 'settled'>;

/** Left for the answer's last words when the function's own time runs out. */
const LAST_WORDS_MS = 500;

/**
 * @param start composes and starts the gateway with the first event, so that loading the module does no work; one that
 *   fails is tried again with the next event
 */
export function createGatewayHandler(start: () => Promise<HandlingGateway>) {
  let starting: Promise<HandlingGateway> | undefined;
  const started = () => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  };
  const answer = async (event: unknown, context: Context): Promise<StreamedAnswer> => {
    const deadline = functionDeadline(context);
    try {
      const request = requestOfEvent(event, deadline.signal);
      const gateway = await started();
      const answered = await gateway.answer(request);
      const settled = () => gateway.settled();
      if (answered.body === null) await settled();
      return streamedAnswer(answered, { onEnd: deadline.clear, onDefect: reportDefect, settled });
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
  }).handler(answer);
}

/** Aborts shortly before the function is killed, so that the call to the target ends and the caller hears why. */
function functionDeadline(context: Context): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const remainingMs = Math.max(0, context.getRemainingTimeInMillis() - LAST_WORDS_MS);
  const timer = setTimeout(() => controller.abort(new Error('the function runs out of time')), remainingMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function failure(error: unknown): StreamedAnswer {
  const known = isHouseError(error) && error.expose;
  const body = {
    error: {
      message: known ? error.message : 'the gateway failed',
      type: known ? 'invalid_request_error' : 'api_error',
      param: null,
      code: known ? error.code : 'internal_error',
    },
  };
  return {
    statusCode: known ? error.httpStatus : 500,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function reportDefect(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stdout.write(`${JSON.stringify({ level: 'error', event: 'gateway-defect', error: text })}\n`);
}
