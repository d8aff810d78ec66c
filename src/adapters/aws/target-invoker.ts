import type { ModelInvoker } from '#usecases/ports/model-invoker.ts';
import { createBedrockInvoker } from './bedrock-invoker.ts';
import { createSageMakerInvoker } from './sagemaker-invoker.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** Calls every kind of target, each in its own protocol, over one set of connections. */
export function createTargetInvoker(client: UpstreamClient): ModelInvoker {
  const invokers = { bedrock: createBedrockInvoker(client), sagemaker: createSageMakerInvoker(client) };
  return {
    converse: (call) => invokers[call.target.kind].converse(call),
    embed: (call) => invokers[call.target.kind].embed(call),
    prepare: (target) => client.prepare(target),
    countTokens: (call) => invokers[call.target.kind].countTokens(call),
  };
}
