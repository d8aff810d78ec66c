/** Targets, requests and calls for tests of the data path. */
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import { type Target, targetId } from '#core/target.ts';
import { type ModelCall, UpstreamFailure } from '#usecases/ports/model-invoker.ts';

export function bedrockTarget(overrides: Partial<Target> = {}): Target {
  const address = { account: '111111111111', region: 'us-east-1', modelId: 'amazon.nova-lite-v1:0' };
  const target: Target = {
    ...address,
    id: targetId(address),
    kind: 'bedrock',
    scope: 'in-region',
    position: 0,
    reach: ['us-east-1'],
    state: 'available',
    lifecycle: 'ACTIVE',
    contextTokensMax: null,
    outputTokensMax: null,
    capabilities: {},
    pricing: null,
    quotaPool: '111111111111/us-east-1/amazon.nova-lite-v1:0/on-demand',
  };
  return { ...target, ...overrides };
}

export function dedicatedTarget(overrides: Partial<Target> = {}): Target {
  return bedrockTarget({
    id: '111111111111/us-east-1/chat-small',
    kind: 'sagemaker',
    scope: 'dedicated',
    modelId: 'chat-small',
    endpoint: 'chat-small',
    state: 'warm',
    quotaPool: '111111111111/us-east-1/chat-small/dedicated',
    ...overrides,
  });
}

export function chatRequest(overrides: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'chat-small',
    system: [],
    messages: [{ role: 'user', content: [{ text: 'hello' }] }],
    inference: {},
    ...overrides,
  };
}

export function modelCall(overrides: Partial<ModelCall> = {}): ModelCall {
  return {
    target: bedrockTarget(),
    request: chatRequest(),
    maxTokens: 64,
    connectMsMax: 1_000,
    signal: new AbortController().signal,
    ...overrides,
  };
}

export async function collect(events: AsyncIterable<ModelEvent>): Promise<readonly ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The text that an answer's deltas add up to. */
export function textOf(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

/** The signal of the `UpstreamFailure` that the promise rejects with. @throws when it does anything else */
export async function signalOf(promise: Promise<unknown>): Promise<UpstreamSignal> {
  const error = await promise.then(
    () => new Error('resolved instead of failing'),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamFailure) return error.signal;
  throw error;
}
