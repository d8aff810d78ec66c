import type { ModelEvent, StopReason, Usage } from '../../chat/model-event.ts';
import { jsonText } from '../../units/json-text.ts';
import { finishReasonOf } from '../stop-reasons.ts';
import type { CompletionIdentity } from './chat-completion.ts';
import { openAiUsage } from './usage.ts';

/** What a stream's translation remembers between two events. */
export interface OpenAiStreamState {
  readonly identity: CompletionIdentity;
  readonly includeUsage: boolean;
  readonly roleSent: boolean;
  /** Block indexes of the tool calls begun so far: their place is the index that OpenAI counts. */
  readonly toolBlocks: readonly number[];
  /** Kept until the stream has ended well: a finish reason must not stand before an error. */
  readonly stopReason: StopReason | undefined;
  readonly usage: Usage | undefined;
}

export type OpenAiChunk = Readonly<Record<string, unknown>>;

export interface OpenAiStreamStep {
  readonly state: OpenAiStreamState;
  readonly chunks: readonly OpenAiChunk[];
}

export function startOpenAiStream(identity: CompletionIdentity, includeUsage: boolean): OpenAiStreamState {
  return { identity, includeUsage, roleSent: false, toolBlocks: [], stopReason: undefined, usage: undefined };
}

/** The chunks that one event of the target becomes; the first carries the role. */
export function stepOpenAiStream(state: OpenAiStreamState, event: ModelEvent): OpenAiStreamStep {
  switch (event.type) {
    case 'text-delta':
      return withDelta(state, { content: event.text });
    case 'reasoning-delta':
      return withDelta(state, { reasoning_content: event.text });
    case 'tool-use-start': {
      const call = { id: event.toolUseId, type: 'function', function: { name: event.name, arguments: '' } };
      const next = { ...state, toolBlocks: [...state.toolBlocks, event.index] };
      return withDelta(next, { tool_calls: [{ index: state.toolBlocks.length, ...call }] });
    }
    case 'tool-use-delta': {
      const index = state.toolBlocks.indexOf(event.index);
      return index < 0
        ? { state, chunks: [] }
        : withDelta(state, { tool_calls: [{ index, function: { arguments: event.inputJson } }] });
    }
    case 'message-stop':
      return { state: { ...state, stopReason: event.stopReason }, chunks: [] };
    case 'usage':
      return { state: { ...state, usage: event.usage }, chunks: [] };
    default:
      return { state, chunks: [] };
  }
}

/**
 * Writes the chunk of a text's delta as JSON, once the role was sent: of one stream they differ in nothing but the text,
 * and are most of it.
 */
export function textChunkJson(state: OpenAiStreamState): (text: string) => string {
  const member = '"content":';
  const { chunks } = withDelta({ ...state, roleSent: true }, { content: '' });
  const json = JSON.stringify(chunks[0]);
  // No value can hold it: there its quotes are escaped.
  const at = json.indexOf(`${member}""`) + member.length;
  const [before, behind] = [json.slice(0, at), json.slice(at + '""'.length)];
  return (text) => `${before}${jsonText(text)}${behind}`;
}

/** The chunks that end a stream that ended well: the finish reason as the target gave it, then usage if asked for. */
export function endOpenAiStream(state: OpenAiStreamState): readonly OpenAiChunk[] {
  const { stopReason, usage, includeUsage } = state;
  if (stopReason === undefined) return [];
  const role = state.roleSent ? {} : { role: 'assistant', content: '' };
  const finish = chunkOf(state, [
    { index: 0, delta: role, logprobs: null, finish_reason: finishReasonOf(stopReason) },
  ]);
  if (!includeUsage || usage === undefined) return [finish];
  return [finish, { ...chunkOf(state, []), usage: openAiUsage(usage) }];
}

/** Says nothing of the answer; clients that know the member learn who goes on. */
export function resumedChunk(state: OpenAiStreamState, mark: object): OpenAiChunk {
  const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: null }];
  return { ...chunkOf(state, choices), spillway: { resumed: mark } };
}

function withDelta(state: OpenAiStreamState, delta: Readonly<Record<string, unknown>>): OpenAiStreamStep {
  const whole = state.roleSent ? delta : { role: 'assistant', ...delta };
  const choices = [{ index: 0, delta: whole, logprobs: null, finish_reason: null }];
  const next = state.roleSent ? state : { ...state, roleSent: true };
  return { state: next, chunks: [chunkOf(state, choices)] };
}

function chunkOf({ identity, includeUsage }: OpenAiStreamState, choices: readonly unknown[]): OpenAiChunk {
  return {
    id: identity.id,
    object: 'chat.completion.chunk',
    created: identity.createdSeconds,
    model: identity.model,
    choices,
    ...(includeUsage ? { usage: null } : {}),
  };
}
