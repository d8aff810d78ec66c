import type { AnthropicOptions, ChatMessage, ChatRequest, SystemBlock } from '../../chat/chat-request.ts';
import { tierOfAnthropic } from '../service-tiers.ts';
import type { AnthropicBody } from './anthropic-body.ts';
import { cachePointOf } from './blocks-of-anthropic.ts';
import { checkCacheMarks } from './cache-marks.ts';
import { messagesOfAnthropic } from './messages-of-anthropic.ts';
import type { AnthropicViolation, Report } from './report.ts';
import { checkThinking } from './thinking-rules.ts';
import { toolsOfAnthropic } from './tools-of-anthropic.ts';

export type TranslatedMessages =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly violations: readonly AnthropicViolation[] };

/**
 * The canonical request of a checked body. What the shape alone cannot say is judged here, all violations at once.
 *
 * @param betas previews that change what the model does; only Anthropic's models know them
 */
export function chatRequestOfAnthropic(
  body: AnthropicBody,
  betas: readonly string[] = [],
): TranslatedMessages {
  const violations: AnthropicViolation[] = [];
  const report: Report = (path, message) => {
    violations.push({ path, message });
  };
  checkCacheMarks(body, report);
  checkThinking(body, report);
  const messages = messagesOfAnthropic(body, report);
  const request: ChatRequest = {
    model: body.model,
    system: systemOf(body),
    messages,
    inference: inferenceOf(body),
    ...toolsOfAnthropic(body, report),
    ...responseFormatOf(body),
    ...continuationOf(messages),
    ...(body.stop_sequences?.length ? { tellsStopSequence: true } : {}),
    ...(body.thinking?.type === 'enabled'
      ? { reasoning: { budgetTokens: body.thinking.budget_tokens } }
      : {}),
    ...anthropicOptionsOf(body, betas),
    ...bedrockOptionsOf(body),
  };
  return violations.length === 0 ? { ok: true, request } : { ok: false, violations };
}

function systemOf({ system }: AnthropicBody): readonly SystemBlock[] {
  if (typeof system === 'string') return system === '' ? [] : [{ text: system }];
  return (system ?? []).flatMap(({ text, cache_control: mark }) =>
    text === '' ? [] : [{ text }, ...cachePointOf(mark)],
  );
}

function inferenceOf(body: AnthropicBody): ChatRequest['inference'] {
  const { max_tokens: maxTokens, temperature, top_p: topP, stop_sequences: stopSequences } = body;
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stopSequences === undefined || stopSequences.length === 0 ? {} : { stopSequences }),
  };
}

function responseFormatOf({ output_config: config }: AnthropicBody): Pick<ChatRequest, 'responseFormat'> {
  const format = config?.format;
  return format == null
    ? {}
    : { responseFormat: { kind: 'json-schema', name: 'answer', schema: format.schema } };
}

function bedrockOptionsOf(body: AnthropicBody): Pick<ChatRequest, 'bedrock'> {
  const effort = body.output_config?.effort;
  const serviceTier = tierOfAnthropic(body.service_tier);
  const bedrock = {
    ...(effort == null ? {} : { effort }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  };
  return Object.keys(bedrock).length === 0 ? {} : { bedrock };
}

function continuationOf(messages: readonly ChatMessage[]): Pick<ChatRequest, 'continuesAssistant'> {
  return messages.at(-1)?.role === 'assistant' ? { continuesAssistant: true } : {};
}

function anthropicOptionsOf(body: AnthropicBody, betas: readonly string[]): Pick<ChatRequest, 'anthropic'> {
  const { top_k: topK, tools, tool_choice: choice, thinking } = body;
  const single =
    (tools?.length ?? 0) > 0 &&
    choice !== undefined &&
    choice.type !== 'none' &&
    choice.disable_parallel_tool_use === true;
  const options: AnthropicOptions = {
    ...(topK === undefined ? {} : { topK }),
    ...(single ? { singleToolCall: true } : {}),
    ...(thinking?.type === 'adaptive'
      ? { adaptiveThinking: thinking.display == null ? {} : { display: thinking.display } }
      : {}),
    ...(betas.length === 0 ? {} : { betas }),
  };
  return Object.keys(options).length === 0 ? {} : { anthropic: options };
}
