import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { invokeEvent } from '#local/lambda/event-sources/event-invocation.ts';
import { type EventSource, openQueueSource } from '#local/lambda/event-sources/queue-source.ts';
import { openStreamSource } from '#local/lambda/event-sources/stream-source.ts';
import { createLambdaHost, type LambdaHost } from '#local/lambda/lambda-host.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { type LambdaFunctions, openLambdaFunctions } from '#test/builders/lambda-functions.ts';

const account = '111111111111';
const roleArn = `arn:aws:iam::${account}:role/worker`;

/** A machine that pauses is no defect. */
const patiently = { timeout: 10_000 };

let aws: LocalAws;
let functions: LambdaFunctions;
let host: LambdaHost;
let client: SQSClient;
const sources: EventSource[] = [];

beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 0 });
  functions = openLambdaFunctions();
  host = createLambdaHost({ awsUrl: aws.url });
  client = new SQSClient({
    ...{ endpoint: aws.url, region: 'eu-central-1', credentials: localCredentials(account) },
  });
});

afterAll(async () => {
  await Promise.all(sources.map((source) => source.close()));
  client.destroy();
  await host.close();
  functions.close();
  await aws.close();
});

async function queue(name: string, bodies: readonly string[] = []) {
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '30' } }),
  );
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  if (bodies.length > 0) await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  return { url: QueueUrl, arn: `arn:aws:sqs:eu-central-1:${account}:${name}` };
}

async function left(url: string | undefined): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

const make = (name: string, code: string) => host.createFunction(functions.spec(name, code));
const logOf = (arn: string) =>
  host
    .environments(arn)
    .map(({ log }) => log)
    .join('');

describe('a queue as the source of events', () => {
  const work = `export const handler = async ({ Records }) => {
    for (const { body, eventSourceARN, attributes } of Records) console.log(body, eventSourceARN, attributes.ApproximateReceiveCount);
    if (Records.some(({ body }) => body === 'throw')) throw new Error('no');
    return { batchItemFailures: Records.filter(({ body }) => body === 'again').map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };`;
  const open = (functionArn: string, queueArn: string, reportBatchItemFailures = true) => {
    const source = openQueueSource({
      ...{ host, functionArn, queueArn, roleArn, awsUrl: aws.url, batchSize: 10, maximumConcurrency: 2 },
      reportBatchItemFailures,
    });
    sources.push(source);
  };

  it('takes what was done out of the queue, and leaves what the function says has to come again', async () => {
    const { url, arn } = await queue('parts', ['one', 'again', 'two']);
    const functionArn = make('parts', work);
    open(functionArn, arn);
    await expect.poll(() => left(url), patiently).toBe(1);
    expect(logOf(functionArn)).toContain(`one ${arn} 1`);
  });

  it('leaves the whole batch where the function fails', async () => {
    const { url, arn } = await queue('whole', ['one', 'throw']);
    const functionArn = make('whole', work);
    open(functionArn, arn);
    await expect.poll(() => logOf(functionArn), patiently).toContain('Invoke Error');
    expect(await left(url)).toBe(2);
  });

  it('takes no more batches at once than it may', async () => {
    const bodies = Array.from({ length: 6 }, (_, index) => `slow ${index}`);
    const { url, arn } = await queue('few', bodies);
    // Each call leaves a mark while it runs, and says how many there are.
    const marks = mkdtempSync(join(tmpdir(), 'spillway-marks-'));
    const slow = `import { readdirSync, rmSync, writeFileSync } from 'node:fs';
      export const handler = async ({ Records: [{ messageId }] }) => {
        writeFileSync('${marks}/' + messageId, '');
        console.log('at once ' + readdirSync('${marks}').length);
        await new Promise((done) => setTimeout(done, 30));
        rmSync('${marks}/' + messageId);
      };`;
    const functionArn = make('few', slow);
    sources.push(
      openQueueSource({
        ...{ host, functionArn, queueArn: arn, roleArn, awsUrl: aws.url, batchSize: 1 },
        ...{ maximumConcurrency: 2, reportBatchItemFailures: false },
      }),
    );
    await expect.poll(() => left(url), patiently).toBe(0);
    const atOnce = [...logOf(functionArn).matchAll(/at once (\d+)/g)].map(([, count]) => Number(count));
    expect(atOnce).toHaveLength(bodies.length);
    expect(Math.max(...atOnce)).toBe(2);
    rmSync(marks, { recursive: true });
  });
});

describe('a call that nobody waits for', () => {
  it('is tried again, and kept with what went wrong where it fails for good', async () => {
    const { url, arn: queueArn } = await queue('dead');
    const functionArn = make(
      'fails',
      "export const handler = async () => { console.log('try'); throw new Error('no'); };",
    );
    const handling = { functionArn, maximumRetryAttempts: 2, deadLetter: { queueArn, roleArn } };
    const answer = await invokeEvent({ host, awsUrl: aws.url }, handling, '{"at":1}');
    expect(answer.functionError).toBe('Unhandled');
    expect(logOf(functionArn).match(/try/g)).toHaveLength(3);
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: ['All'] }),
    );
    expect(Messages[0]).toMatchObject({
      Body: '{"at":1}',
      MessageAttributes: {
        ErrorMessage: { StringValue: 'no' },
        RequestID: { StringValue: answer.requestId },
      },
    });
  });

  it('waits for a free environment', async () => {
    const slow = 'export const handler = () => new Promise((done) => setTimeout(() => done(1), 60));';
    const functionArn = host.createFunction(functions.spec('one', slow, { reservedConcurrency: 1 }));
    const handling = { functionArn, maximumRetryAttempts: 0 };
    const calls = [1, 2, 3].map(() => invokeEvent({ host, awsUrl: aws.url }, handling, '{}'));
    const answers = await Promise.all(calls);
    expect(answers.map(({ payload }) => payload.toString())).toEqual(['1', '1', '1']);
  });

  it('is refused beyond 1 MB', async () => {
    const functionArn = make('small', 'export const handler = () => 1;');
    const event = JSON.stringify('x'.repeat(1024 * 1024));
    const call = invokeEvent({ host, awsUrl: aws.url }, { functionArn, maximumRetryAttempts: 0 }, event);
    await expect(call).rejects.toMatchObject({ name: 'RequestTooLargeException', status: 413 });
  });
});

describe('a stream as the source of events', () => {
  it('gives changes that pass the filter, in order, and leaves a batch behind that fails too often', async () => {
    const code = `export const handler = async ({ Records }) => {
      console.log(JSON.stringify(Records.map(({ item }) => item)));
      if (Records.some(({ item }) => item === 'bad')) throw new Error('no');
    };`;
    const functionArn = make('changes', code);
    let tell: (record: object) => void = () => undefined;
    const listen = (onChange: (record: object) => void) => {
      tell = onChange;
      return () => undefined;
    };
    sources.push(
      openStreamSource({
        ...{ host, functionArn, listen, batchSize: 2, batchingWindowSeconds: 0.01, maximumRetryAttempts: 1 },
        filters: ['{"kind":["kept"]}'],
      }),
    );
    for (const item of ['a', 'b', 'bad', 'c']) tell({ item, kind: 'kept' });
    tell({ item: 'd', kind: 'other' });
    tell({ item: 'e', kind: 'kept' });
    await expect
      .poll(() => logOf(functionArn).match(/^\[.*\]$/gm), patiently)
      .toEqual(['["a","b"]', '["bad","c"]', '["bad","c"]', '["e"]']);
  });
});
