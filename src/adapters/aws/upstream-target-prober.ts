/** Proves a target with one token, over the very client, role and address that a gateway would call it with. */
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { canEmbed } from '#core/embedding/can-embed.ts';
import { embeddingNeeds } from '#core/embedding/embedding-needs.ts';
import type { EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import type { Target } from '#core/target.ts';
import { type ModelInvoker, UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import type { TargetProber } from '#usecases/ports/target-prober.ts';

const CONNECT_MS_MAX = 2_000;

const question: ChatRequest = {
  model: 'verify',
  system: [],
  messages: [{ role: 'user', content: [{ text: 'ping' }] }],
  inference: {},
};

const texts: EmbeddingRequest = { model: 'verify', texts: ['ping'], purpose: 'search_query' };

export function createUpstreamTargetProber({ invoker }: { readonly invoker: ModelInvoker }): TargetProber {
  return {
    async probe(target, kind, signal) {
      try {
        if (kind === 'embedding') await embedOnce(invoker, target, signal);
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

async function embedOnce(invoker: ModelInvoker, target: Target, signal: AbortSignal): Promise<void> {
  if (!canEmbed({ ...target, capabilities: {} }, embeddingNeeds(texts))) {
    // What Bedrock would say of a body that is not the model's own.
    const wrong = { errorName: 'ValidationException', httpStatus: 400 };
    const message = `nobody here speaks the format of ${target.modelId}`;
    const service = 'bedrock-runtime';
    throw new UpstreamFailure({ service, kind: 'answer', phase: 'before', message, ...wrong });
  }
  await invoker.embed({ target, request: texts, connectMsMax: CONNECT_MS_MAX, signal });
}
