import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { callControl, clientOptions, credentialsOf, readJournal } from '#test/builders/local-test-server.ts';

let aws: LocalAws;
let sqs: SQSClient;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 0 });
  sqs = new SQSClient(clientOptions(aws));
});
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

async function makeQueue(Attributes: Partial<Record<QueueAttributeName, string>> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID(), Attributes }));
  return QueueUrl ?? '';
}

const send = (QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

async function receive(
  QueueUrl: string,
  more: { VisibilityTimeout?: number; WaitTimeSeconds?: number } = {},
) {
  const asked = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
  return (await sqs.send(new ReceiveMessageCommand({ ...asked, ...more }))).Messages ?? [];
}

const arnOf = async (QueueUrl: string) => (await attributes(QueueUrl, 'QueueArn')).QueueArn ?? '';

async function attributes(QueueUrl: string, ...AttributeNames: QueueAttributeName[]) {
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes ?? {};
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error) => error,
  );

describe('queues', () => {
  it('are made, found, listed in pages, described, changed and deleted', async () => {
    const other = new SQSClient(clientOptions(aws, { region: 'ap-south-1' }));
    for (const name of ['jobs-a', 'jobs-b', 'jobs-c'])
      await other.send(new CreateQueueCommand({ QueueName: name }));
    const first = await other.send(new ListQueuesCommand({ QueueNamePrefix: 'jobs', MaxResults: 2 }));
    expect(first.QueueUrls).toEqual(['jobs-a', 'jobs-b'].map((name) => `${aws.url}/111111111111/${name}`));
    const rest = await other.send(
      new ListQueuesCommand({ QueueNamePrefix: 'jobs', MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(rest.QueueUrls).toHaveLength(1);
    const { QueueUrl } = await other.send(new GetQueueUrlCommand({ QueueName: 'jobs-b' }));
    expect(QueueUrl).toBe(first.QueueUrls?.[1]);
    await other.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }));
    const described = await other.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(described.Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:ap-south-1:111111111111:jobs-b',
      VisibilityTimeout: '7',
      ApproximateNumberOfMessages: '0',
    });
    await other.send(new DeleteQueueCommand({ QueueUrl }));
    expect((await refusal(other.send(new GetQueueUrlCommand({ QueueName: 'jobs-b' })))).name).toBe(
      'QueueDoesNotExist',
    );
    other.destroy();
  });

  it('are the same queue when made again alike, and refused when made otherwise', async () => {
    const Attributes = { VisibilityTimeout: '5' };
    const QueueName = 'twice';
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    expect((await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl).toBe(QueueUrl);
    const otherwise = sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '6' } }));
    expect((await refusal(otherwise)).name).toBe('QueueNameExists');
  });

  it('refuses names, attributes and redrive targets that no standard queue can have', async () => {
    const wrong = [
      { QueueName: 'a.fifo' },
      { QueueName: 'a b' },
      { QueueName: 'a', Attributes: { VisibilityTimeout: '43201' } },
      { QueueName: 'a', Attributes: { Policy: '{}' } },
      { QueueName: 'a', Attributes: { RedrivePolicy: 'no' } },
      {
        QueueName: 'a',
        Attributes: {
          RedrivePolicy:
            '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111111111111:none","maxReceiveCount":1}',
        },
      },
    ];
    const errors = await Promise.all(wrong.map((input) => refusal(sqs.send(new CreateQueueCommand(input)))));
    expect(errors.map(({ name }) => name)).toEqual([
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidAttributeValue',
      'InvalidAttributeName',
      'InvalidAttributeValue',
      'InvalidAttributeValue',
    ]);
  });

  it('are apart by account and by region', async () => {
    const places = [
      { account: '111111111111', region: 'us-east-1' },
      { account: '111111111111', region: 'eu-west-1' },
      { account: '222222222222', region: 'us-east-1' },
    ];
    const QueueName = 'same-name';
    for (const place of places) {
      const client = new SQSClient(clientOptions(aws, place));
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName }));
      await client.send(
        new SendMessageCommand({ QueueUrl, MessageBody: `${place.account} ${place.region}` }),
      );
      client.destroy();
    }
    for (const place of places) {
      const client = new SQSClient(clientOptions(aws, place));
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
      const { Messages } = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      expect(Messages?.map(({ Body }) => Body)).toEqual([`${place.account} ${place.region}`]);
      client.destroy();
    }
    const stranger = new SQSClient(clientOptions(aws, { account: '333333333333' }));
    const foreign = stranger.send(
      new SendMessageCommand({ QueueUrl: `${aws.url}/111111111111/${QueueName}`, MessageBody: 'x' }),
    );
    expect((await refusal(foreign)).name).toBe('QueueDoesNotExist');
    stranger.destroy();
  });
});

describe('messages', () => {
  it('come with their attributes, trace and group, and are gone once deleted', async () => {
    const QueueUrl = await makeQueue();
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'one',
        MessageGroupId: 'tenant-1',
        MessageAttributes: {
          model: { DataType: 'String', StringValue: 'chat-small' },
          line: { DataType: 'Number', StringValue: '7' },
        },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
      }),
    );
    const asked = {
      QueueUrl,
      MessageAttributeNames: ['mod.*'],
      MessageSystemAttributeNames: ['All' as const],
    };
    const [message] = (await sqs.send(new ReceiveMessageCommand(asked))).Messages ?? [];
    expect(message).toMatchObject({
      Body: 'one',
      MessageAttributes: { model: { StringValue: 'chat-small' } },
      Attributes: { MessageGroupId: 'tenant-1', AWSTraceHeader: 'Root=1-2-3', ApproximateReceiveCount: '1' },
    });
    expect(message?.MessageAttributes?.line).toBeUndefined();
    expect(
      (await attributes(QueueUrl, 'ApproximateNumberOfMessagesNotVisible'))
        .ApproximateNumberOfMessagesNotVisible,
    ).toBe('1');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(
      await attributes(QueueUrl, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'),
    ).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  it('are sent, hidden longer and deleted in batches, whose bad entries fail alone', async () => {
    const QueueUrl = await makeQueue();
    const Entries = ['a', 'b', ''].map((MessageBody, index) => ({ Id: `e${index}`, MessageBody }));
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['e0', 'e1']);
    expect(sent.Failed).toMatchObject([{ Id: 'e2', SenderFault: true, Code: 'InvalidMessageContents' }]);
    const messages = await receive(QueueUrl);
    expect(messages.map(({ Body }) => Body)).toEqual(['a', 'b']);
    const handles = messages.map(({ ReceiptHandle }, index) => ({ Id: `h${index}`, ReceiptHandle }));
    const hidden = handles.map((handle) => ({ ...handle, VisibilityTimeout: 60 }));
    const changed = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: hidden }));
    expect(changed.Successful).toHaveLength(2);
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [...handles, { Id: 'bad', ReceiptHandle: 'nonsense' }],
      }),
    );
    expect(deleted.Successful).toHaveLength(2);
    expect(deleted.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    const empty = await refusal(sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [] })));
    expect(empty.name).toBe('EmptyBatchRequest');
    const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: `e${index}`, MessageBody: 'x' }));
    const many = await refusal(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: eleven })));
    expect(many.name).toBe('TooManyEntriesInBatchRequest');
  });

  it('come again after the visibility timeout, and at once when it is given back', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '1' });
    await send(QueueUrl, 'again');
    const [first] = await receive(QueueUrl);
    expect(await receive(QueueUrl)).toEqual([]);
    const [second] = await receive(QueueUrl, { WaitTimeSeconds: 5, VisibilityTimeout: 600 });
    expect(second).toMatchObject({
      MessageId: first?.MessageId,
      Attributes: { ApproximateReceiveCount: '2' },
    });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    const back = { QueueUrl, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(back));
    expect(await receive(QueueUrl)).toMatchObject([
      { Body: 'again', Attributes: { ApproximateReceiveCount: '3' } },
    ]);
    expect((await refusal(sqs.send(new ChangeMessageVisibilityCommand(back)))).name).toBe(
      'MessageNotInflight',
    );
  });

  it('end a long poll as soon as they come, and only one of two waiting receivers gets each', async () => {
    const QueueUrl = await makeQueue({ ReceiveMessageWaitTimeSeconds: '20' });
    const startedAt = performance.now();
    const waiting = [receive(QueueUrl), receive(QueueUrl)];
    await send(QueueUrl, 'first');
    const early = await Promise.race(waiting);
    expect(early).toMatchObject([{ Body: 'first' }]);
    await send(QueueUrl, 'second');
    const all = (await Promise.all(waiting)).flat();
    expect(all.map(({ Body }) => Body).sort()).toEqual(['first', 'second']);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('go to the dead letter queue once received too often', async () => {
    const deadLetters = await makeQueue();
    const deadLetterTargetArn = await arnOf(deadLetters);
    const QueueUrl = await makeQueue({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
    });
    await send(QueueUrl, 'poison');
    for (let round = 0; round < 2; round += 1) {
      const [message] = await receive(QueueUrl);
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );
    }
    expect(await receive(QueueUrl)).toEqual([]);
    expect(await receive(deadLetters)).toMatchObject([
      {
        Body: 'poison',
        Attributes: { DeadLetterQueueSourceArn: await arnOf(QueueUrl), ApproximateReceiveCount: '3' },
      },
    ]);
  });

  it('are delayed, purged and too large', async () => {
    const QueueUrl = await makeQueue({ MaximumMessageSize: '1024' });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 }));
    expect(await receive(QueueUrl)).toEqual([]);
    expect(await attributes(QueueUrl, 'ApproximateNumberOfMessagesDelayed')).toEqual({
      ApproximateNumberOfMessagesDelayed: '1',
    });
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await attributes(QueueUrl, 'ApproximateNumberOfMessagesDelayed')).toEqual({
      ApproximateNumberOfMessagesDelayed: '0',
    });
    expect((await refusal(send(QueueUrl, 'x'.repeat(1025)))).name).toBe('InvalidParameterValue');
  });
});

describe('faults and journal', () => {
  it('strike queues as every service, and the journal names queue, region and rule', async () => {
    const QueueUrl = await makeQueue();
    const target = QueueUrl.split('/').at(-1);
    await send(QueueUrl, 'kept');
    const rules = [
      { service: 'sqs', operation: 'SendMessage', target, kind: 'throttle', count: 1 },
      { service: 'sqs', operation: 'SendMessage', target, kind: 'error', error: 'KmsThrottled', count: 1 },
      { service: 'sqs', operation: 'SendMessage', target, kind: 'refuse', count: 1 },
      { service: 'sqs', operation: 'SendMessage', target, kind: 'reset', count: 1 },
      { service: 'sqs', operation: 'ReceiveMessage', target, kind: 'empty', count: 1 },
      { service: 'sqs', operation: 'DeleteMessage', target, kind: 'hang' },
    ];
    expect((await callControl(aws, 'PUT', 'faults', rules)).status).toBe(200);
    const throttled = await refusal(send(QueueUrl, 'a'));
    expect([throttled.name, throttled.$metadata.httpStatusCode]).toEqual(['RequestThrottled', 403]);
    expect((await refusal(send(QueueUrl, 'b'))).name).toBe('KmsThrottled');
    expect((await refusal(send(QueueUrl, 'c'))).code).toBe('ECONNRESET');
    expect((await refusal(send(QueueUrl, 'd'))).message).toMatch(
      /aborted|ECONNRESET|socket hang up|terminated/,
    );
    expect(await receive(QueueUrl)).toEqual([]);
    const [message] = await receive(QueueUrl);
    const hung = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    expect((await refusal(sqs.send(hung, { abortSignal: AbortSignal.timeout(50) }))).name).toBe('AbortError');
    await callControl(aws, 'DELETE', 'faults');
    const entries = (await readJournal(aws, '?service=sqs')).filter((entry) => entry.target === target);
    const seen = entries.map(({ operation, status, error, rule }) => [operation, status, error, rule]);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['SendMessage', 403, 'RequestThrottled', 0],
        ['SendMessage', 400, 'KmsThrottled', 1],
        ['SendMessage', 0, undefined, 2],
        ['ReceiveMessage', 200, undefined, 4],
      ]),
    );
    expect(entries[0]).toMatchObject({
      region: 'us-east-1',
      reach: ['us-east-1'],
      servedRegion: 'us-east-1',
    });
  });

  it('refuses a wrong secret and a key that is none', async () => {
    const wrong = new SQSClient({
      ...clientOptions(aws),
      credentials: { ...credentialsOf(), secretAccessKey: 'wrong' },
    });
    const refused = await refusal(wrong.send(new ListQueuesCommand({})));
    expect(refused.$metadata.httpStatusCode).toBe(403);
    wrong.destroy();
  });
});
