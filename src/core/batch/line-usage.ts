/** What a line's call took of its model, read from the answer that is kept. */
import { isJsonObject } from '../units/exact-json.ts';

export interface LineUsage {
  /** Cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  /** Those of reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export const noUsage: LineUsage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

/**
 * Nothing where the answer does not tell, as that of a call that failed.
 *
 * @param json a line of an output file, whose body is OpenAI's answer to a chat or of vectors
 */
export function usageOfLine(json: string): LineUsage {
  const usage = memberOf(memberOf(memberOf(parsed(json), 'response'), 'body'), 'usage');
  return {
    inputTokens: countIn(usage, 'prompt_tokens'),
    cachedInputTokens: countIn(memberOf(usage, 'prompt_tokens_details'), 'cached_tokens'),
    outputTokens: countIn(usage, 'completion_tokens'),
    reasoningTokens: countIn(memberOf(usage, 'completion_tokens_details'), 'reasoning_tokens'),
  };
}

export function sumOfUsage(all: readonly LineUsage[]): LineUsage {
  const sum = (member: keyof LineUsage): number => all.reduce((total, each) => total + each[member], 0);
  return {
    inputTokens: sum('inputTokens'),
    cachedInputTokens: sum('cachedInputTokens'),
    outputTokens: sum('outputTokens'),
    reasoningTokens: sum('reasoningTokens'),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A container's own body that is no JSON stands as it came.
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

/** A container's word: what is no count counts for nothing. */
function countIn(value: unknown, name: string): number {
  const count = memberOf(value, name);
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}
