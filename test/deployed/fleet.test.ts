import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { responseHeaders } from '#contract/http.ts';
import { consoleAnswers } from '#test/builders/console-answers.ts';
import {
  callerKey,
  type DeployedFleet,
  euAccount,
  homeAccount,
  openFleet,
  type SynthesizedFleet,
  synthesizeFleet,
} from '#test/builders/deployed-fleet.ts';
import { sealedRecords, verifyTrail } from '#test/builders/fleet-audit.ts';
import { deployedReport } from '#test/builders/fleet-evidence.ts';
import {
  createExercises,
  exercisesAll,
  type FleetExercises,
  triesMax,
  until,
} from '#test/builders/fleet-exercises.ts';
import { watchFleet } from '#test/builders/fleet-watch.ts';
import { runningDefects } from '#test/builders/running-defects.ts';
import { deploySolo, synthesizeSolo } from '#test/builders/solo-fleet.ts';
import { type StandingFleet, soloFleetSuite } from './solo-fleet.suite.ts';

let synthesized: SynthesizedFleet;
let fleet: DeployedFleet;
/** Questions that the deployment itself asked of IAM. */
let verdictsAtStart: number;
let exercises: FleetExercises;
let solo: StandingFleet;
let soloVerdictsAtStart: number;
beforeAll(async () => {
  synthesized = synthesizeFleet({ bundles: true });
  const small = synthesizeSolo();
  fleet = await openFleet(synthesized.assembly);
  solo = { fleet: await openFleet(small.assembly), synthesized: small };
  await Promise.all([fleet.deploy(), deploySolo(solo.fleet)]);
  soloVerdictsAtStart = solo.fleet.cloud.judge.verdicts.length;
  exercises = createExercises(fleet, synthesized);
  verdictsAtStart = fleet.cloud.judge.verdicts.length;
}, 120_000);
afterAll(async () => {
  await Promise.all([fleet?.close(), solo?.fleet.close()]);
  solo?.synthesized.close();
  synthesized?.close();
});

const functionArn = (account: string, region: string, name: string) =>
  `arn:aws:lambda:${region}:${account}:function:acme-${name}`;
const callsOf = (account: string, region: string, name: string) =>
  fleet.cloud.functions.calls(functionArn(account, region, name));

/** A machine that pauses makes a call of the product time out; its next one is as good. */
const hasSucceeded = (account: string, region: string, name: string): boolean => {
  const { count, failures } = callsOf(account, region, name);
  return count > failures;
};

async function passUntil(minutesMax: number, holds: () => boolean): Promise<void> {
  for (let minute = 0; minute < minutesMax && !holds(); minute += 1) await fleet.passMinutes(1);
  expect(holds()).toBe(true);
}

const places = [
  ...['us-east-1', 'us-east-2', 'us-west-2'].map((region) => [homeAccount, region] as const),
  ...['eu-central-1', 'eu-west-1', 'eu-north-1'].map((region) => [euAccount, region] as const),
];

describe('the deployed control plane', () => {
  it('discovers in every account and region when its schedule fires, under roles that may do that and no more', async () => {
    await passUntil(4, () => places.every(([account, region]) => hasSucceeded(account, region, 'discover')));
    const written = (await fleet.journal('dynamodb')).filter(
      ({ operation, target, status }) =>
        operation === 'PutItem' && target === 'acme-observations' && status === 200,
    );
    expect(new Set(written.map(({ account }) => account))).toEqual(new Set([homeAccount, euAccount]));
  });

  it('plans by the stream of what was observed, before any clock says so', async () => {
    await until('a plan by the stream', () => callsOf(homeAccount, 'us-east-1', 'plan').count > 0);
    const client = fleet.cloud.clients.dynamodb({ account: homeAccount, region: 'us-east-1' });
    // The first plan may come before the last region was observed; what comes later is planned again.
    await until('routes of both residencies', async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: 'acme-routes' }));
      const routes = new Set(Items.map(({ model, residency }) => `${model?.S} ${residency?.S}`));
      return ['chat-large us', 'chat-large eu', 'embed us', 'embed eu'].every((route) => routes.has(route));
    });
    await fleet.cloud.functions.idle();
    expect(hasSucceeded(homeAccount, 'us-east-1', 'plan')).toBe(true);
    // The clock of plan, and of verify, has not struck yet.
    expect(callsOf(homeAccount, 'us-east-1', 'verify').count).toBe(0);
  });

  it('verifies targets of both accounts when its clock says so', async () => {
    await passUntil(10, () => hasSucceeded(homeAccount, 'us-east-1', 'verify'));
    const proved = (await fleet.journal('bedrock-runtime')).filter(({ status }) => status === 200);
    expect(new Set(proved.map(({ account }) => account))).toEqual(new Set([homeAccount, euAccount]));
  });

  it('was never denied anything, over all calls', () => {
    expect(fleet.cloud.judge.verdicts.length).toBeGreaterThan(100);
    expect(fleet.cloud.judge.verdicts.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });
});

const gateways = [
  ['Gateway-us-east-1', 'us', homeAccount, 'us-east-1'],
  ['Gateway-eu-central-1', 'eu', euAccount, 'eu-central-1'],
] as const;
const messages = [{ role: 'user' as const, content: 'When does the tide turn?' }];

/** Ids of requests that a model was asked for, as their answers tell them, by the gateway's region. */
const askedIds = new Map<string, string[]>();
const dialectPaths = /\/(chat\/completions|embeddings|messages)$/;
function noteId(region: string, id: string | null | undefined): void {
  askedIds.set(region, [...(askedIds.get(region) ?? []), id ?? 'none']);
}
const noting =
  (region: string): typeof fetch =>
  async (input, init) => {
    const answer = await fetch(input, init);
    if (dialectPaths.test(String(input))) noteId(region, answer.headers.get(responseHeaders.requestId));
    return answer;
  };

describe.each(gateways)('%s, behind its REST API', (stackId, residency, account, region) => {
  const headers = { 'x-spillway-residency': residency };
  const base = () => fleet.baseUrl(stackId);
  const origin = () => base().replace(/\/v1$/, '');

  it('answers OpenAI’s client, whole and as a stream', async () => {
    const settings = { apiKey: callerKey, defaultHeaders: headers, maxRetries: 0, fetch: noting(region) };
    const client = new OpenAI({ baseURL: base(), ...settings });
    const whole = await client.chat.completions.create({ model: 'chat-large', messages });
    expect(whole.choices[0]?.message.content?.length).toBeGreaterThan(0);
    const stream = await client.chat.completions.create({ model: 'chat-large', messages, stream: true });
    let text = '';
    let chunks = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      chunks += 1;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(chunks).toBeGreaterThan(3);
    const { data } = await client.embeddings.create({ model: 'embed', input: 'tide' });
    expect(data[0]?.embedding.length).toBeGreaterThan(0);
  });

  it('answers Anthropic’s client, whole and as a stream', async () => {
    const client = new Anthropic({
      baseURL: origin(),
      apiKey: callerKey,
      defaultHeaders: headers,
      maxRetries: 0,
      fetch: noting(region),
    });
    const asked = { model: 'chat-large', max_tokens: 64, messages };
    const whole = await client.messages.create(asked);
    const [block] = whole.content;
    expect(block?.type === 'text' && block.text.length).toBeGreaterThan(0);
    const streamed = await client.messages.stream(asked).finalMessage();
    expect(streamed.content).toEqual(whole.content);
  });

  it('answers Bedrock’s client, whole and as a stream', async () => {
    const client = new BedrockRuntimeClient({
      endpoint: origin(),
      region: 'us-east-1',
      token: { token: callerKey },
      authSchemePreference: ['httpBearerAuth'],
      maxAttempts: 1,
      // API Gateway speaks no HTTP/2 without TLS: other clients of AWS speak HTTP/1.1 by default.
      requestHandler: new DynamoDBClient({ region: 'us-east-1' }).config.requestHandler,
    });
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-spillway-residency'] = residency;
        return next(args);
      },
      { step: 'build', name: 'residency' },
    );
    const asked = {
      modelId: 'chat-large',
      messages: [{ role: 'user' as const, content: [{ text: 'When does the tide turn?' }] }],
    };
    const whole = await client.send(new ConverseCommand(asked));
    const text = whole.output?.message?.content?.[0]?.text;
    expect(text?.length).toBeGreaterThan(0);
    const { stream, $metadata } = await client.send(new ConverseStreamCommand(asked));
    for (const { requestId } of [whole.$metadata, $metadata]) noteId(region, requestId);
    let streamed = '';
    for await (const event of stream ?? []) streamed += event.contentBlockDelta?.delta?.text ?? '';
    expect(streamed).toBe(text);
    client.destroy();
  });

  it('shows the console with all of its files to everybody, and what they ask for to who has a key', async () => {
    await consoleAnswers(origin(), callerKey);
  });

  it('read its routes and keys from the tables, and called models from its own side of the residency only', async () => {
    expect(callsOf(account, region, 'gateway')).toMatchObject({ failures: 0, lastError: '' });
    const read = (await fleet.journal('dynamodb')).filter(
      (entry) => entry.account === account && entry.region === region && entry.status === 200,
    );
    for (const table of ['acme-routes', 'acme-tenants', 'acme-ledger']) {
      expect([table, read.filter(({ target }) => target === table).length > 0]).toEqual([table, true]);
    }
    const role = `arn:aws:iam::${account}:role/acme-gateway-${region}`;
    const asked = fleet.cloud.judge.verdicts.filter(({ principal }) => principal === role);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });
});

describe('a batch', () => {
  it.each(gateways)(
    'is read, called and put together by the dispatcher of %s',
    async (stackId, residency) => {
      const headers = { 'x-spillway-residency': residency };
      const client = new OpenAI({
        baseURL: fleet.baseUrl(stackId),
        apiKey: callerKey,
        defaultHeaders: headers,
        maxRetries: 0,
      });
      const lines = ['chat-large', 'embed'].map((model, index) =>
        JSON.stringify({
          custom_id: `line-${index}`,
          method: 'POST',
          url: model === 'embed' ? '/v1/embeddings' : '/v1/chat/completions',
          body: model === 'embed' ? { model, input: 'tide' } : { model, messages },
        }),
      );
      for (const [index, endpoint] of (['/v1/chat/completions', '/v1/embeddings'] as const).entries()) {
        const input = await client.files.create({
          purpose: 'batch',
          file: await toFile(Buffer.from(`${lines[index]}\n`), 'lines.jsonl'),
        });
        const { id } = await client.batches.create({
          input_file_id: input.id,
          endpoint,
          completion_window: '24h',
        });
        await until('the end of the batch', async () => {
          const batch = await client.batches.retrieve(id);
          return batch.status === 'completed' && batch.request_counts?.completed === 1;
        });
      }
      expect(fleet.cloud.judge.verdicts.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
    },
  );
});

describe.each(gateways)('the audit trail of %s', (_stack, _residency, account, region) => {
  it('has a record of each request, sealed and locked by what was deployed, and is proved by the command line', async () => {
    const ids = askedIds.get(region) ?? [];
    expect(ids.length).toBe(7);
    const unsealed = async () => {
      const sealed = await sealedRecords(fleet, { account, region });
      const known = new Set(sealed.map(({ id }) => id));
      const missing = ids.filter((id) => !known.has(id));
      // Both batches above had one line.
      return { missing, hasLines: sealed.filter(({ caller }) => caller === 'batch').length >= 2 };
    };
    await expect.poll(unsealed, { interval: 50, timeout: 40_000 }).toEqual({ missing: [], hasLines: true });
    const locks = (await sealedRecords(fleet, { account, region })).map(({ lockMode }) => lockMode);
    expect(new Set(locks)).toEqual(new Set(['GOVERNANCE']));
    const { exitCode, proved, findings } = await verifyTrail(fleet, synthesized.configFile, region);
    expect({ exitCode, proved, findings }).toEqual({ exitCode: 0, proved: true, findings: [] });
    expect(fleet.cloud.judge.verdicts.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });
});

describe('the witness of the audit trails', () => {
  it('signs at home how far each of them is, when its clock says so', async () => {
    const signed = async () => {
      const trails = await Promise.all(
        gateways.map(([, , , region]) => verifyTrail(fleet, synthesized.configFile, region)),
      );
      return trails.map(({ signed: sequence = 0, findings }) => ({ isSigned: sequence > 0, findings }));
    };
    const everyOne = gateways.map(() => ({ isSigned: true, findings: [] }));
    // A run that came before the first record was sealed had nothing to sign.
    const { count } = callsOf(homeAccount, 'us-east-1', 'witness');
    await passUntil(10, () => callsOf(homeAccount, 'us-east-1', 'witness').count > count);
    await fleet.cloud.functions.idle();
    expect(await signed()).toEqual(everyOne);
    expect(fleet.cloud.judge.verdicts.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });
});

describe('a defect that deploys', () => {
  it('is nowhere in the fleet as it is, looked for as often as it may be', async () => {
    const watch = await watchFleet(fleet);
    for (const exercise of exercisesAll) {
      expect(await exercises.run(exercise)).toEqual([]);
    }
    expect(await watch.problems()).toEqual([]);
    const found: string[] = [];
    for (let tries = 1; tries < triesMax; tries += 1) {
      for (const exercise of exercisesAll) found.push(...(await exercises.run(exercise)));
    }
    found.push(...(await watch.problems()));
    const shown = runningDefects.filter(({ says }) => found.some((problem) => problem.includes(says)));
    expect(shown.map(({ what }) => what)).toEqual([]);
  });

  it.each(runningDefects)('shows by name: $what', async (defect) => {
    try {
      await exercises.show(defect);
    } finally {
      await exercises.restore(defect.stack);
    }
  });

  it('is gone again with the next deployment', async () => {
    const watch = await watchFleet(fleet);
    for (const exercise of exercisesAll) {
      expect(await exercises.run(exercise)).toEqual([]);
    }
    expect(await watch.problems()).toEqual([]);
  });
});

soloFleetSuite(() => solo);

describe('what was deployed', () => {
  it('was seen at work, type by type as docs/deployed.md tells', async () => {
    const { text, document } = await deployedReport([
      { fleet, since: verdictsAtStart },
      { fleet: solo.fleet, since: soloVerdictsAtStart },
    ]);
    process.stdout.write(`${text}\n`);
    await expect(document).toMatchFileSnapshot('../../docs/deployed.md');
  });
});
