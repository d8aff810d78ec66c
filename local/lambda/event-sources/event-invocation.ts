/** Calls that nobody waits for: tried again where they fail, and kept where they fail for good. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LambdaError, requestTooLarge } from '../lambda-error.ts';
import type { LambdaHost } from '../lambda-host.ts';
import { EVENT_BYTES_MAX } from '../limits.ts';
import { roleCredentials } from '../role-credentials.ts';
import type { InvokeAnswer } from '../whole-answer.ts';
import { queueUrl } from './queue-url.ts';

/** How a function takes events, as its template says. */
export interface EventHandling {
  readonly functionArn: string;
  /** 0 to 2. Lambda waits one minute and two between tries; here nobody waits. */
  readonly maximumRetryAttempts: number;
  /**
   * The queue for events that failed for good, and the function's role, which sends them there.
   * @default - they are lost
   */
  readonly deadLetter?: { readonly queueArn: string; readonly roleArn: string };
}

/** @returns what the last try came to @throws LambdaError as `invoke` does, but for want of concurrency */
export async function invokeEvent(
  { host, awsUrl }: { readonly host: LambdaHost; readonly awsUrl: string },
  { functionArn, maximumRetryAttempts, deadLetter }: EventHandling,
  event: string,
): Promise<InvokeAnswer> {
  const bytes = Buffer.byteLength(event);
  if (bytes > EVENT_BYTES_MAX) throw requestTooLarge(bytes, EVENT_BYTES_MAX);
  let answer = await invokeWhenFree(host, functionArn, event);
  for (let tries = 0; answer.functionError !== undefined && tries < maximumRetryAttempts; tries += 1) {
    answer = await invokeWhenFree(host, functionArn, event);
  }
  if (answer.functionError !== undefined && deadLetter !== undefined) {
    await keep({ awsUrl, ...deadLetter }, event, answer);
  }
  return answer;
}

/** Events wait for a free environment, for hours if need be; this long here. */
const WAIT_MS_MAX = 60_000;
const ASK_EVERY_MS = 25;

async function invokeWhenFree(host: LambdaHost, functionArn: string, event: string): Promise<InvokeAnswer> {
  const until = performance.now() + WAIT_MS_MAX;
  for (;;) {
    try {
      return await host.invoke(functionArn, event);
    } catch (error) {
      if (!(error instanceof LambdaError && error.status === 429) || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  }
}

async function keep(
  { awsUrl, queueArn, roleArn }: { awsUrl: string; queueArn: string; roleArn: string },
  event: string,
  { requestId, payload }: InvokeAnswer,
): Promise<void> {
  const region = queueArn.split(':')[3] ?? '';
  const credentials = roleCredentials(roleArn, 'dead-letters');
  const client = new SQSClient({ region, endpoint: awsUrl, maxAttempts: 1, credentials });
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  try {
    await client.send(
      new SendMessageCommand({
        ...{ QueueUrl: queueUrl(awsUrl, queueArn), MessageBody: event },
        MessageAttributes: {
          RequestID: text(requestId),
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: text(String(JSON.parse(payload.toString()).errorMessage).slice(0, 1024)),
        },
      }),
    );
  } finally {
    client.destroy();
  }
}
