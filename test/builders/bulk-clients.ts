/** The stand-in AWS with a bucket, and clients of S3 and SQS on it. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createLocalAws } from '#local/local-aws.ts';

const account = '111111111111';

export interface BulkClients {
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly bucket: string;
  createQueue(name: string): Promise<void>;
  setFaults(rules: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

export async function openBulkClients(): Promise<BulkClients> {
  const aws = await createLocalAws({ port: 0 });
  const access = {
    region: 'us-east-1',
    endpoint: aws.url,
    credentials: { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` },
    maxAttempts: 1,
  };
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  const sqs = new SQSClient({ ...access, useQueueUrlAsEndpoint: false });
  const bucket = 'test-batches';
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    endpoint: aws.url,
    s3,
    sqs,
    bucket,
    createQueue: async (name) => void (await sqs.send(new CreateQueueCommand({ QueueName: name }))),
    async setFaults(rules) {
      const answer = await fetch(`${aws.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async close() {
      s3.destroy();
      sqs.destroy();
      await aws.close();
    },
  };
}
