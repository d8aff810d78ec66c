/**
 * An OpenAI-shaped container's chunks as canonical events. Pure.
 *
 * OpenAI's chunks have no block boundaries; they are found here: text, reasoning and each tool call are blocks of
 * their own, numbered in the order in which they begin.
 */
import type { ModelEvent, Usage } from '#core/chat/model-event.ts';
import { stopReasonOfFinish } from '#core/wire/stop-reasons.ts';
import {
  arrayIn,
  countIn,
  type JsonObject,
  MalformedAnswer,
  objectIn,
  optionalCount,
  optionalObject,
  optionalString,
  stringIn,
} from './answer-reader.ts';

/** `tool:<n>` is the container's own number of a tool call. */
type BlockKey = 'text' | 'reasoning' | `tool:${number}`;

/** Follows one answer of a container, chunk by chunk. */
export class ContainerEvents {
  #started = false;
  #open: { readonly key: BlockKey; readonly index: number } | undefined;
  #nextIndex = 0;
  #stopped = false;

  /** True once the container gave a reason to stop. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** @throws MalformedAnswer when a chunk is not what OpenAI's format says */
  push(chunk: JsonObject): readonly ModelEvent[] {
    const events: ModelEvent[] = this.#started ? [] : [{ type: 'message-start' }];
    this.#started = true;
    const choices = arrayIn(chunk.choices ?? [], 'choices');
    if (choices.length > 0) this.#pushChoice(objectIn(choices[0], 'choices.0'), events);
    const usage = optionalObject(chunk.usage, 'usage');
    // Some engines repeat running counts on every chunk; those with the answer's end are the true ones.
    if (usage !== undefined && this.#stopped) events.push({ type: 'usage', usage: usageOf(usage) });
    return events;
  }

  #pushChoice(choice: JsonObject, events: ModelEvent[]): void {
    const delta = optionalObject(choice.delta ?? choice.message, 'choices.0.delta') ?? {};
    const reasoning =
      optionalString(delta.reasoning_content ?? delta.reasoning, 'delta.reasoning_content') ?? '';
    if (reasoning !== '') {
      events.push({ type: 'reasoning-delta', index: this.#enter('reasoning', events), text: reasoning });
    }
    const text = optionalString(delta.content, 'delta.content') ?? '';
    if (text !== '') events.push({ type: 'text-delta', index: this.#enter('text', events), text });
    for (const [position, call] of arrayIn(delta.tool_calls ?? [], 'delta.tool_calls').entries()) {
      this.#pushToolCall(objectIn(call, 'delta.tool_calls'), position, events);
    }
    const reason = optionalString(choice.finish_reason, 'finish_reason');
    if (reason === undefined || this.#stopped) return;
    // vLLM and SGLang end so what they gave up: that is no end of an answer.
    if (reason === 'abort')
      throw new MalformedAnswer('finish_reason is abort: the engine gave the answer up');
    this.#leave(events);
    this.#stopped = true;
    events.push({ type: 'message-stop', stopReason: stopReasonOfFinish(reason) ?? 'end_turn' });
  }

  #pushToolCall(call: JsonObject, position: number, events: ModelEvent[]): void {
    const key: BlockKey = `tool:${optionalCount(call.index, 'tool_calls.index') ?? position}`;
    const detail = optionalObject(call.function, 'tool_calls.function') ?? {};
    const isNew = this.#open?.key !== key;
    const index = this.#enter(key, events);
    if (isNew) {
      const toolUseId = stringIn(call.id, 'tool_calls.id');
      events.push({
        type: 'tool-use-start',
        index,
        toolUseId,
        name: stringIn(detail.name, 'tool_calls.function.name'),
      });
    }
    const inputJson = optionalString(detail.arguments, 'tool_calls.function.arguments') ?? '';
    if (inputJson !== '') events.push({ type: 'tool-use-delta', index, inputJson });
  }

  #enter(key: BlockKey, events: ModelEvent[]): number {
    if (this.#open?.key === key) return this.#open.index;
    this.#leave(events);
    this.#open = { key, index: this.#nextIndex };
    this.#nextIndex += 1;
    return this.#open.index;
  }

  #leave(events: ModelEvent[]): void {
    if (this.#open !== undefined) events.push({ type: 'block-stop', index: this.#open.index });
    this.#open = undefined;
  }
}

function usageOf(usage: JsonObject): Usage {
  const details = optionalObject(usage.prompt_tokens_details, 'usage.prompt_tokens_details');
  const cached = optionalCount(details?.cached_tokens, 'usage.prompt_tokens_details.cached_tokens');
  return {
    inputTokens: Math.max(0, countIn(usage.prompt_tokens, 'usage.prompt_tokens') - (cached ?? 0)),
    outputTokens: countIn(usage.completion_tokens ?? 0, 'usage.completion_tokens'),
    cacheReadInputTokens: cached,
  };
}
