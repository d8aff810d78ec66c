/** Queues of one region and the one that takes what is received in vain, through SQS's public API. */
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LocalAccess } from './create-bucket.ts';

export interface QueuesPlan {
  readonly region: string;
  readonly queues: readonly string[];
  /** Takes what was received so often in vain. */
  readonly deadQueue: string;
  readonly receiptsMax: number;
  /** How long a message is kept. */
  readonly retentionSeconds: number;
}

/** Idempotent: what exists already is left as it is. @throws the SDK's error */
export async function createQueues(plan: QueuesPlan, access: LocalAccess): Promise<void> {
  const { region, queues, deadQueue, receiptsMax, retentionSeconds } = plan;
  const client = new SQSClient({ region, maxAttempts: 1, useQueueUrlAsEndpoint: false, ...access });
  const retention = { MessageRetentionPeriod: String(retentionSeconds) };
  try {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: deadQueue, Attributes: retention }),
    );
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: receiptsMax };
    for (const QueueName of queues) {
      const settings = { ...retention, RedrivePolicy: JSON.stringify(redrive) };
      await client.send(new CreateQueueCommand({ QueueName, Attributes: settings }));
    }
  } finally {
    client.destroy();
  }
}
