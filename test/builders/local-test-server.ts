import * as bedrock from '@aws-sdk/client-bedrock';
import * as runtime from '@aws-sdk/client-bedrock-runtime';
import type { JournalEntry } from '#local/control/journal.ts';
import type { ControlResource, ServiceDefinition } from '#local/service.ts';
import { createStsService } from '#local/services/sts/sts.ts';
import { type LocalServer, type LocalServerOptions, startLocalServer } from '#local/wire/local-server.ts';

/** Text deltas that the test server streams, one content frame each. */
export const streamedTexts = ['one', 'two', 'three', 'four'];

const usage = { inputTokens: 3, outputTokens: 4, totalTokens: 7 };

/** Bedrock Runtime cut down to what the wire layer can be judged by. */
export function fakeBedrockRuntime(operations: ServiceDefinition['operations'] = {}): ServiceDefinition {
  return {
    service: 'bedrock-runtime',
    signingNames: ['bedrock'],
    client: runtime,
    operations: {
      Converse: (input: runtime.ConverseCommandInput, context) => ({
        output: {
          message: {
            role: 'assistant',
            content: [{ text: `${context.account} ${context.region} ${input.modelId}` }],
          },
        },
        stopReason: 'end_turn',
        usage,
        metrics: { latencyMs: 1 },
      }),
      ConverseStream: () => ({ stream: converseEvents() }),
      ...operations,
    },
    targetOf: (_, input) => (typeof input.modelId === 'string' ? input.modelId : undefined),
    reachOf: (_, __, { region }) => ({ reach: [region], servedRegion: region }),
  };
}

async function* converseEvents() {
  yield { messageStart: { role: 'assistant' } };
  for (const text of streamedTexts) yield { contentBlockDelta: { contentBlockIndex: 0, delta: { text } } };
  yield { contentBlockStop: { contentBlockIndex: 0 } };
  yield { messageStop: { stopReason: 'end_turn' } };
  yield { metadata: { usage, metrics: { latencyMs: 1 } } };
}

/** Bedrock's list of models with two entries. */
function fakeBedrock(): ServiceDefinition {
  return {
    service: 'bedrock',
    signingNames: ['bedrock'],
    client: bedrock,
    operations: {
      ListFoundationModels: () => ({
        modelSummaries: ['a.one', 'b.two'].map((modelId) => ({
          modelId,
          modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${modelId}`,
        })),
      }),
    },
  };
}

export function startTestServer(
  options: Partial<LocalServerOptions> & { controls?: readonly ControlResource[] } = {},
): Promise<LocalServer> {
  return startLocalServer({
    port: 0,
    services: [fakeBedrock(), fakeBedrockRuntime(), createStsService()],
    controls: [],
    ...options,
  });
}

/** Keys of an account of the stand-in. */
export function credentialsOf(account = '111111111111') {
  const accessKeyId = `LKIA${account}`;
  return { accessKeyId, secretAccessKey: `local-${accessKeyId}` };
}

/** Options of any SDK client that is to call the stand-in, with retries off. */
export function clientOptions({ url }: { url: string }, place: { account?: string; region?: string } = {}) {
  return {
    endpoint: url,
    region: place.region ?? 'us-east-1',
    credentials: credentialsOf(place.account),
    maxAttempts: 1,
  };
}

/** A call of the control API. */
export async function callControl<Body = unknown>(
  server: { readonly url: string },
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${server.url}/_local/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

/** The journal's entries, oldest first. */
export async function readJournal(server: { readonly url: string }, query = ''): Promise<JournalEntry[]> {
  return (await callControl<JournalEntry[]>(server, 'GET', `journal${query}`)).body;
}
