import type {
  ContentBlock,
  ContentBlockDelta,
  ConverseRequest,
  ConverseResponse,
  ConverseStreamOutput,
  ConverseStreamResponse,
  ReasoningContentBlockDelta,
} from '@aws-sdk/client-bedrock-runtime';
import type { CallContext } from '../../service.ts';
import { type Answer, type AnswerBlock, answerPrompt, blockText } from '../../world/answers/answer.ts';
import { hashText } from '../../world/answers/hash.ts';
import { countPromptTokens } from '../../world/answers/prompt.ts';
import type { Service, Serving } from '../../world/answers/serving.ts';
import { servedRegion } from '../../world/resolve-target.ts';
import { findTarget, requireAccess, requireQuota, requireThroughput } from './call-target.ts';
import { checkConverse } from './check-converse.ts';
import { checkThinking, thinkingBudget } from './check-thinking.ts';
import { conversePrompt } from './converse-prompt.ts';
import { invalid } from './refusals.ts';
import { refuseFeatures } from './refuse-features.ts';
import type { Runtime } from './runtime.ts';

/** Output tokens of a model whose limit nobody has sourced. */
const OUTPUT_TOKENS_DEFAULT = 4_096;

/** The whole answer at once. */
export async function converse(
  runtime: Runtime,
  request: ConverseRequest,
  context: CallContext,
): Promise<ConverseResponse> {
  const startedMs = performance.now();
  const { service, compiled } = begin(runtime, request, context);
  await compiled;
  await runtime.serving.complete(service);
  const { answer } = service;
  return {
    output: { message: { role: 'assistant', content: answer.blocks.map(contentBlock) } },
    stopReason: answer.stopReason,
    usage: usage(service),
    metrics: { latencyMs: Math.round(performance.now() - startedMs) },
    ...responseFields(request, answer),
    ...echo(request),
  };
}

/** The answer as events. Refusals come before the stream, as status codes. */
export async function converseStream(
  runtime: Runtime,
  request: ConverseRequest,
  context: CallContext,
): Promise<Omit<ConverseStreamResponse, '$metadata'>> {
  const { service, compiled } = begin(runtime, request, context);
  await compiled;
  return { stream: events(runtime.serving, request, service) };
}

function begin(
  runtime: Runtime,
  request: ConverseRequest,
  context: CallContext,
): { readonly service: Service; readonly compiled: Promise<void> } {
  const { world } = runtime;
  const target = findTarget(world, request.modelId, context);
  requireThroughput(target);
  requireAccess(target, context);
  requireQuota(world, target, context);
  const { fact } = target.model;
  checkConverse(request, fact);
  checkThinking(request);
  refuseFeatures(request, target.model.refuses, context.operation);
  if (context.operation === 'ConverseStream' && !fact.streaming)
    throw invalid('The model is unsupported for streaming.');
  const prompt = conversePrompt(request);
  const inputTokens = countPromptTokens(prompt);
  if (fact.contextTokensMax !== null && inputTokens > fact.contextTokensMax) {
    throw invalid('Input is too long for requested model.');
  }
  const seed = hashText(JSON.stringify([target.id, prompt.turns.at(-1)]));
  const region = servedRegion(world, context, { target, seed });
  context.note({ servedRegion: region });
  const answer = answerPrompt({
    prompt,
    model: fact.name,
    region,
    outputTokensMax: request.inferenceConfig?.maxTokens ?? fact.outputTokensMax ?? OUTPUT_TOKENS_DEFAULT,
    stopSequences: request.inferenceConfig?.stopSequences ?? [],
    thinkingTokensMax: thinkingBudget(request),
  });
  const key = `${context.account}/${context.region}/${target.id}`;
  return {
    service: { key, slots: Number.POSITIVE_INFINITY, inputTokens, answer, signal: context.signal },
    compiled: runtime.grammars.whenCompiled(request, target.model, context),
  };
}

async function* events(
  serving: Serving,
  request: ConverseRequest,
  service: Service,
): AsyncGenerator<ConverseStreamOutput, void, undefined> {
  const startedMs = performance.now();
  const { answer } = service;
  yield { messageStart: { role: 'assistant' } };
  let open = -1;
  for await (const { blockIndex, text } of serving.stream(service)) {
    if (blockIndex !== open) {
      yield* between(answer, open, blockIndex);
      open = blockIndex;
    }
    yield { contentBlockDelta: { delta: tokenDelta(answer.blocks[open], text), contentBlockIndex: open } };
  }
  if (service.signal.aborted) return;
  yield* between(answer, open, answer.blocks.length);
  yield { messageStop: { stopReason: answer.stopReason, ...responseFields(request, answer) } };
  const latencyMs = Math.round(performance.now() - startedMs);
  yield { metadata: { usage: usage(service), metrics: { latencyMs }, ...echo(request) } };
}

/** From one block of tokens to the next: the end of the one, the blocks without tokens, the start of the other. */
function* between(answer: Answer, from: number, to: number): Generator<ConverseStreamOutput> {
  const before = answer.blocks[from];
  if (before?.kind === 'reasoning') yield reasoningDelta({ signature: before.signature }, from);
  if (before !== undefined) yield { contentBlockStop: { contentBlockIndex: from } };
  for (let index = from + 1; index < to; index += 1) {
    const block = answer.blocks[index];
    if (block?.kind !== 'redacted') continue;
    yield reasoningDelta({ redactedContent: bytesOf(block.data) }, index);
    yield { contentBlockStop: { contentBlockIndex: index } };
  }
  const next = answer.blocks[to];
  if (next?.kind !== 'tool-use') return;
  const toolUse = { toolUseId: `tooluse_${next.id}`, name: next.name };
  yield { contentBlockStart: { start: { toolUse }, contentBlockIndex: to } };
}

function tokenDelta(block: AnswerBlock | undefined, text: string): ContentBlockDelta {
  if (block?.kind === 'reasoning') return { reasoningContent: { text } };
  return block?.kind === 'tool-use' ? { toolUse: { input: text } } : { text };
}

function reasoningDelta(
  reasoningContent: ReasoningContentBlockDelta,
  contentBlockIndex: number,
): ConverseStreamOutput {
  return { contentBlockDelta: { delta: { reasoningContent }, contentBlockIndex } };
}

function contentBlock(block: AnswerBlock): ContentBlock {
  switch (block.kind) {
    case 'text':
      return { text: blockText(block) };
    case 'reasoning': {
      const reasoningText = { text: blockText(block), signature: block.signature };
      return { reasoningContent: { reasoningText } };
    }
    case 'redacted':
      return { reasoningContent: { redactedContent: bytesOf(block.data) } };
    case 'tool-use':
      return { toolUse: { toolUseId: `tooluse_${block.id}`, name: block.name, input: toolInput(block) } };
  }
}

function bytesOf(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}

/** Input that `maxTokens` cut short is no JSON any more; then it is empty. */
function toolInput(block: AnswerBlock): Record<string, never> {
  try {
    return JSON.parse(blockText(block)) as Record<string, never>;
  } catch {
    return {};
  }
}

function usage({ inputTokens, answer }: Service) {
  const { outputTokens } = answer;
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

/** The one field that callers ask for by path: which of their sequences ended the answer. */
function responseFields(request: ConverseRequest, answer: Answer) {
  const asked = request.additionalModelResponseFieldPaths?.includes('/stop_sequence');
  if (!asked || answer.stopSequence === undefined) return {};
  return { additionalModelResponseFields: { stop_sequence: answer.stopSequence } };
}

function echo(request: ConverseRequest) {
  return {
    ...(request.serviceTier ? { serviceTier: request.serviceTier } : {}),
    ...(request.performanceConfig ? { performanceConfig: request.performanceConfig } : {}),
  };
}
