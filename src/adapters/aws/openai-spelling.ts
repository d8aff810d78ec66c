/** What engines write otherwise than OpenAI's clients read it. Pure. */
import { stopReasonOfFinish } from '#core/wire/stop-reasons.ts';
import type { JsonObject } from './answer-reader.ts';

/** The chunk as clients read it; undefined where it is so already. Nothing is taken out of it. */
export function inOpenAiSpelling(chunk: JsonObject): JsonObject | undefined {
  const [first, ...others] = listOf(chunk.choices);
  const choice = objectOf(first);
  const delta = objectOf(choice?.delta);
  if (choice === undefined) return undefined;
  const changes = { ...deltaChanges(delta), ...finishChanges(choice) };
  if (Object.keys(changes).length === 0) return undefined;
  const { finish_reason: finish, ...inDelta } = changes;
  const amended = {
    ...choice,
    ...(delta === undefined ? {} : { delta: { ...delta, ...inDelta } }),
    ...(finish === undefined ? {} : { finish_reason: finish }),
  };
  return { ...chunk, choices: [amended, ...others] };
}

/** Newer versions of vLLM call a thought `reasoning`; some engines count no calls. */
function deltaChanges(delta: JsonObject | undefined): JsonObject {
  if (delta === undefined) return {};
  const { reasoning, reasoning_content: known } = delta;
  const calls = listOf(delta.tool_calls).map(objectOf);
  return {
    ...(typeof reasoning === 'string' && typeof known !== 'string' ? { reasoning_content: reasoning } : {}),
    ...(calls.some((call) => call !== undefined && typeof call.index !== 'number')
      ? { tool_calls: calls.map((call, index) => ({ index, ...call })) }
      : {}),
  };
}

/** A reason that OpenAI does not have is the model's own end. */
function finishChanges({ finish_reason: finish }: JsonObject): { readonly finish_reason?: string } {
  return typeof finish !== 'string' || stopReasonOfFinish(finish) !== undefined
    ? {}
    : { finish_reason: 'stop' };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
}
