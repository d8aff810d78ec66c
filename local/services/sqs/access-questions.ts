import type { AccessQuestion } from '../../iam/access-question.ts';
import type { CallContext } from '../../service.ts';
import { arnOf, readQueueUrl } from './queues.ts';

/** Batches of messages ask as each message does. */
const singleNames: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

/** What a call to SQS asks IAM. The region is the one that the call is signed for. */
export function accessQuestions(
  { QueueUrl, QueueName }: Readonly<Record<string, unknown>>,
  { operation, account, region }: CallContext,
): readonly AccessQuestion[] {
  const action = `sqs:${singleNames[operation] ?? operation}`;
  const named = typeof QueueUrl === 'string' ? readQueueUrl(QueueUrl) : { account, name: String(QueueName) };
  if (named === undefined || (QueueUrl === undefined && QueueName === undefined)) {
    return [{ action, resource: '*', account }];
  }
  return [
    { action, resource: arnOf({ account: named.account, region }, named.name), account: named.account },
  ];
}
