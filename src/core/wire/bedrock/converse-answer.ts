import type { AnswerBlock, ChatAnswer } from '../../chat/fold-events.ts';
import type { BedrockReport } from '../../chat/model-event.ts';
import { parseExactJson } from '../../units/exact-json.ts';
import { bedrockUsage } from './usage.ts';

/**
 * A whole answer as Converse's.
 *
 * @param latencyMs from the request's arrival to the end of the answer, in milliseconds
 */
export function converseAnswer(answer: ChatAnswer, latencyMs: number) {
  const { blocks, stopReason, usage, additionalModelResponseFields: fields, bedrock } = answer;
  return {
    output: { message: { role: 'assistant', content: blocks.map(wireBlock) } },
    // Bedrock's words are the canonical ones.
    stopReason,
    ...(usage === undefined ? {} : { usage: bedrockUsage(usage) }),
    metrics: { latencyMs },
    ...(fields === undefined ? {} : { additionalModelResponseFields: fields }),
    ...bedrockMembers(bedrock),
  };
}

/** What Bedrock told of the call, where it was Bedrock that answered. */
export function bedrockMembers({ serviceTier, performanceLatency, trace }: BedrockReport = {}) {
  return {
    ...(trace === undefined ? {} : { trace }),
    ...(performanceLatency === undefined ? {} : { performanceConfig: { latency: performanceLatency } }),
    ...(serviceTier === undefined ? {} : { serviceTier: { type: serviceTier } }),
  };
}

function wireBlock(block: AnswerBlock) {
  switch (block.kind) {
    case 'text': {
      const { text, citations } = block;
      return citations === undefined ? { text } : { citationsContent: { content: [{ text }], citations } };
    }
    case 'reasoning': {
      const { text, signature } = block;
      const signed = signature === undefined ? {} : { signature };
      return { reasoningContent: { reasoningText: { text, ...signed } } };
    }
    case 'reasoning-redacted':
      return { reasoningContent: { redactedContent: block.dataBase64 } };
    case 'tool-use': {
      const { toolUseId, name, inputJson } = block;
      return { toolUse: { toolUseId, name, input: inputOf(inputJson) } };
    }
  }
}

/** A call that the token bound cut short is no JSON: then its text stands for it, and nothing of it is lost. */
function inputOf(inputJson: string): unknown {
  if (inputJson === '') return {};
  try {
    return parseExactJson(inputJson);
  } catch {
    return inputJson;
  }
}
