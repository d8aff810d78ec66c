/** The dispatcher of batches as a function: work of the queues in, and which of it has to come again. */
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type DeployedDispatcher, startDeployedDispatcher } from '#runtime/deployed-dispatcher.ts';

/** Left of the function's time when calls that are still under way are given up, so that what came is kept. */
const LAST_MS = 20_000;

/** @param start makes the dispatcher with the first event; one that fails is tried again with the next */
export function createDispatchHandler(start: () => Promise<DeployedDispatcher>) {
  let starting: Promise<DeployedDispatcher> | undefined;
  const started = () => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  };
  const handle = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const { dispatch, settled, callMsMax } = await started();
    const stop = new AbortController();
    const leftMs = () => context.getRemainingTimeInMillis() - LAST_MS;
    const timer = setTimeout(
      () => stop.abort(new Error('the function runs out of time')),
      Math.max(0, leftMs()),
    );
    const one = async (record: SQSRecord) => {
      const done = await dispatch(messageOf(record), {
        queue: queueOf(record),
        signal: stop.signal,
        mustEnd: () => leftMs() < callMsMax,
      });
      return done ? [] : [{ itemIdentifier: record.messageId }];
    };
    try {
      return { batchItemFailures: (await Promise.all(Records.map(one))).flat() };
    } finally {
      clearTimeout(timer);
      // What is written behind a call, a slot that is given back above all, would freeze with the environment.
      await settled();
    }
  };
  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 }).handler(handle);
}

function messageOf({ body, receiptHandle, attributes }: SQSRecord) {
  return { body, handle: receiptHandle, receipts: Number(attributes.ApproximateReceiveCount) };
}

const queueOf = ({ eventSourceARN }: SQSRecord): string => eventSourceARN.split(':').at(-1) ?? '';

export const handler = createDispatchHandler(startDeployedDispatcher);
