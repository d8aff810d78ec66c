import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { queueUrl } from '../../lambda/event-sources/queue-url.ts';
import type { AccountClients } from './account-clients.ts';
import { accountOf, regionOf } from './service-access.ts';

const errorCharactersMax = 1024;

/** What a service could not deliver, kept as it keeps it: under the role that it was given. @throws the SDK's error */
export async function sendToQueue(
  clients: AccountClients,
  queueArn: string,
  message: { readonly roleArn: string; readonly body: string; readonly error: string },
): Promise<void> {
  const place = { account: accountOf(queueArn), region: regionOf(queueArn), roleArn: message.roleArn };
  const StringValue = message.error.slice(0, errorCharactersMax) || 'unknown';
  await clients.sqs(place).send(
    new SendMessageCommand({
      QueueUrl: queueUrl(clients.endpoint, queueArn),
      MessageBody: message.body,
      MessageAttributes: { ERROR_MESSAGE: { DataType: 'String', StringValue } },
    }),
  );
}
