/** Proves a target with one token, over the very client, role and address that a gateway would call it with. */
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { Target } from '#core/target.ts';
import { type ModelInvoker, UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import type { TargetProber } from '#usecases/ports/target-prober.ts';
import { invocationHeaders, invocationPath } from './sagemaker-invoker.ts';
import { pathSegment } from './upstream-address.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { readWholeText } from './upstream-stream.ts';

const CONNECT_MS_MAX = 2_000;
/** An embedding of 4,096 dimensions as JSON is under 100 KB. */
const ANSWER_BYTES_MAX = 1_000_000;

const question: ChatRequest = {
  model: 'verify',
  system: [],
  messages: [{ role: 'user', content: [{ text: 'ping' }] }],
  inference: {},
};

export function createUpstreamTargetProber(options: {
  readonly invoker: ModelInvoker;
  readonly client: UpstreamClient;
}): TargetProber {
  const { invoker, client } = options;
  return {
    async probe(target, kind, signal) {
      try {
        if (kind === 'embedding') await embedOnce(client, target, signal);
        else await converseOnce(invoker, target, signal);
        return { answered: true };
      } catch (error) {
        if (error instanceof UpstreamFailure) return { answered: false, signal: error.signal };
        throw error;
      }
    },
  };
}

async function converseOnce(invoker: ModelInvoker, target: Target, signal: AbortSignal): Promise<void> {
  const call = { target, request: question, maxTokens: 1, connectMsMax: CONNECT_MS_MAX, signal };
  // To its end: an access error can still come inside the stream.
  for await (const _event of await invoker.converse(call));
}

async function embedOnce(client: UpstreamClient, target: Target, signal: AbortSignal): Promise<void> {
  const answer = await client.send({
    target,
    ...(target.kind === 'sagemaker' ? containerEmbedding(target) : bedrockEmbedding(target)),
    connectMsMax: CONNECT_MS_MAX,
    signal,
  });
  await readWholeText(answer.body, ANSWER_BYTES_MAX);
}

/** OpenAI's embeddings, which the container tells from a chat by the shape of the body alone. */
function containerEmbedding(target: Target) {
  return {
    path: invocationPath(target, 'invocations'),
    headers: invocationHeaders(target),
    body: JSON.stringify({ model: target.modelId, input: 'ping' }),
  };
}

/** Cohere's models ask for a list of texts and their use; Amazon's for one text. */
function bedrockEmbedding({ profileId, modelId }: Target) {
  const body = modelId.startsWith('cohere.')
    ? { texts: ['ping'], input_type: 'search_query' }
    : { inputText: 'ping' };
  return {
    path: `/model/${pathSegment(profileId ?? modelId)}/invoke`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  };
}
