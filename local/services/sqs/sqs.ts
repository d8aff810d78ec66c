/**
 * The stand-in's Simple Queue Service: standard queues, their dead letter queues, long polling.
 *
 * Invariant: state lives in `Queues` alone, in memory, apart by account and region; what is not offered is refused,
 * never taken without effect.
 */
import * as client from '@aws-sdk/client-sqs';
import type { ServiceDefinition } from '../../service.ts';
import { accessQuestions } from './access-questions.ts';
import { messageOperations } from './message-operations.ts';
import { queueOperations } from './queue-operations.ts';
import { Queues, readQueueUrl } from './queues.ts';

export function createSqsService(): ServiceDefinition {
  const queues = new Queues();
  return {
    service: 'sqs',
    signingNames: ['sqs'],
    client,
    operations: { ...queueOperations(queues), ...messageOperations(queues) },
    unmodelledErrors: { InvalidParameterValue: 400 },
    questionsOf: accessQuestions,
    targetOf: (_, { QueueUrl, QueueName }) =>
      typeof QueueUrl === 'string' ? readQueueUrl(QueueUrl)?.name : (QueueName as string | undefined),
    reachOf: (_, __, { region }) => ({ reach: [region], servedRegion: region }),
  };
}
