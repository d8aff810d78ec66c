/** The sealer of the audit trail as a function: records of the queue in, and which of them have to come again. */
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type DeployedSealer, startDeployedSealer } from '#runtime/deployed-sealer.ts';

/** @param start makes the sealer with the first event; one that fails is tried again with the next */
export function createAuditHandler(start: () => Promise<DeployedSealer>) {
  let starting: Promise<DeployedSealer> | undefined;
  const started = () => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  };
  const handle = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const { seal } = await started();
    const again = await seal(Records.map(({ messageId: id, body }) => ({ id, body })));
    return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
  };
  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 }).handler(handle);
}

export const handler = createAuditHandler(startDeployedSealer);
