import { afterEach, describe, expect, it } from 'vitest';
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import type { UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { createUpstreamTargetProber } from '#adapters/aws/upstream-target-prober.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { converseFrames } from '#test/builders/event-stream-frame.ts';
import {
  type Answer,
  type LoopbackUpstream,
  openLoopbackUpstream,
  sendAwsError,
  sendEventStream,
} from '#test/builders/loopback-upstream.ts';
import { bedrockTarget, dedicatedTarget } from '#test/builders/model-call.ts';
import { loopbackClient } from '#test/builders/upstream-client.ts';

let upstream: LoopbackUpstream | undefined;
let client: UpstreamClient | undefined;
afterEach(async () => {
  await client?.close();
  await upstream?.close();
});

async function open(answer: Parameters<typeof openLoopbackUpstream>[0]) {
  upstream = await openLoopbackUpstream(answer);
  client = loopbackClient(upstream.endpoint);
  return createUpstreamTargetProber({ invoker: createTargetInvoker(client) });
}
const { signal } = new AbortController();

const json =
  (answer: unknown): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  };

describe('a proof', () => {
  it('asks a chat model for one token', async () => {
    const prober = await open((response) => sendEventStream(response, converseFrames('pong')));
    expect(await prober.probe(bedrockTarget(), 'chat', signal)).toEqual({ answered: true });
    expect(JSON.parse(upstream?.calls[0]?.body ?? '{}')).toMatchObject({ inferenceConfig: { maxTokens: 1 } });
  });

  it.each([
    ['amazon.titan-embed-text-v2:0', { inputText: 'ping' }, { embedding: [1] }],
    [
      'cohere.embed-english-v3',
      { texts: ['ping'], input_type: 'search_query', embedding_types: ['float'] },
      { embeddings: { float: [[1]] } },
    ],
  ])('asks the embedding model %s in its own words', async (modelId, body, answer) => {
    const prober = await open(json(answer));
    expect(await prober.probe(bedrockTarget({ modelId }), 'embedding', signal)).toEqual({ answered: true });
    expect(JSON.parse(upstream?.calls[0]?.body ?? '')).toEqual(body);
    expect(upstream?.calls[0]?.path).toContain('/invoke');
  });

  it('takes no answer without vectors, and asks no model whose format nobody speaks', async () => {
    const prober = await open(json({}));
    const titan = bedrockTarget({ modelId: 'amazon.titan-embed-text-v2:0' });
    expect(await prober.probe(titan, 'embedding', signal)).toMatchObject({ signal: { kind: 'malformed' } });
    const unspoken = bedrockTarget({ modelId: 'twelvelabs.marengo-embed-3-0-v1:0' });
    expect(await prober.probe(unspoken, 'embedding', signal)).toMatchObject({
      answered: false,
      signal: { errorName: 'ValidationException' },
    });
    expect(upstream?.calls).toHaveLength(1);
  });

  it('asks a dedicated embedding endpoint for an embedding, never for a chat', async () => {
    const prober = await open(json({ data: [{ index: 0, embedding: [1] }] }));
    const target = dedicatedTarget({ endpoint: 'vectors', component: 'part', modelId: 'bge-m3' });
    expect(await prober.probe(target, 'embedding', signal)).toEqual({ answered: true });
    const [call] = upstream?.calls ?? [];
    expect(call?.path).toBe('/endpoints/vectors/invocations');
    expect(call?.headers['x-amzn-sagemaker-inference-component']).toBe('part');
    expect(JSON.parse(call?.body ?? '')).toMatchObject({ model: 'bge-m3', input: ['ping'] });
  });

  it('is answered by the local container as by a real one', async () => {
    const credentials = localCredentials('111111111111');
    const aws = await createLocalAws({ port: 0 });
    try {
      const plan = {
        account: '111111111111',
        region: 'us-east-1',
        endpoint: 'vectors',
        servedModel: 'bge-m3',
      };
      await provisionEndpoint(
        { ...plan, copies: 1, concurrencyPerCopy: 1 },
        { endpoint: aws.url, credentials },
      );
      client = loopbackClient(aws.url);
      const prober = createUpstreamTargetProber({ invoker: createTargetInvoker(client) });
      const target = dedicatedTarget({ endpoint: 'vectors', modelId: 'bge-m3' });
      expect(await prober.probe(target, 'embedding', signal)).toEqual({ answered: true });
    } finally {
      await aws.close();
    }
  });

  it('says how it was refused', async () => {
    const prober = await open((response) =>
      sendAwsError(response, { status: 403, name: 'AccessDeniedException', message: 'no' }),
    );
    expect(await prober.probe(bedrockTarget(), 'chat', signal)).toMatchObject({
      answered: false,
      signal: { errorName: 'AccessDeniedException', httpStatus: 403 },
    });
  });
});
