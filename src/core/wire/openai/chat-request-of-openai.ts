import type {
  CachePointBlock,
  ChatMessage,
  ChatRequest,
  ContentBlock,
  SamplingOptions,
  TextBlock,
} from '../../chat/chat-request.ts';
import { cachePointAfter, refuseCacheMarks } from './cache-breakpoint.ts';
import { conversationOf, type Report, toolUseOf, type WireViolation } from './conversation.ts';
import { documentOfFile } from './document-of-file.ts';
import { imageOfDataUrl } from './image-of-data-url.ts';
import { jsonSchemaFormat } from './json-schema-format.ts';
import { modelOptionsOf } from './model-options.ts';
import type {
  OpenAiAnswerPart,
  OpenAiChatBody,
  OpenAiContentPart,
  OpenAiMessage,
  OpenAiText,
  OpenAiTextPart,
  OpenAiToolChoice,
} from './openai-chat-body.ts';
import { type FunctionChoice, type OfferedTools, toolsOf } from './tools.ts';

export type TranslatedChat =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly violations: readonly WireViolation[] };

/** The canonical request of a checked body. What the shape alone cannot say is judged here, all violations at once. */
export function chatRequestOfOpenAi(body: OpenAiChatBody): TranslatedChat {
  const violations: WireViolation[] = [];
  const report = (path: string, message: string): void => {
    violations.push({ path, message });
  };
  const turns = body.messages.flatMap((message, index) => turnOf(message, `messages[${index}]`, report));
  const messages = conversationOf(turns, 'messages', report);
  const tools = toolsOf(offeredTools(body), report);
  const request: ChatRequest = {
    model: body.model,
    system: systemOf(body.messages),
    messages,
    inference: inferenceOf(body, report),
    ...samplingOf(body),
    ...(tools === undefined ? {} : { tools }),
    ...responseFormatOf(body.response_format, report),
    ...(body.prompt_cache_key == null ? {} : { promptCacheKey: body.prompt_cache_key }),
    ...modelOptionsOf({
      serviceTier: body.service_tier,
      effort: body.reasoning_effort,
      singleToolCall: body.parallel_tool_calls === false && tools !== undefined,
    }),
  };
  return violations.length === 0 ? { ok: true, request } : { ok: false, violations };
}

function systemOf(messages: readonly OpenAiMessage[]): ChatRequest['system'] {
  return messages.flatMap((message) =>
    message.role === 'system' || message.role === 'developer' ? textBlocks(message.content) : [],
  );
}

/** Empty texts are left out: targets refuse them, and they say nothing. */
function textBlocks(content: OpenAiText | null | undefined): readonly (TextBlock | CachePointBlock)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return (content ?? []).flatMap((part) =>
    part.text === '' ? [] : [{ text: part.text }, ...cachePointAfter(part)],
  );
}

function turnOf(message: OpenAiMessage, path: string, report: Report): readonly ChatMessage[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [];
    case 'user': {
      const { content } = message;
      const blocks =
        typeof content === 'string'
          ? textBlocks(content)
          : content.flatMap((part, index) => partBlocks(part, `${path}.content[${index}]`, report));
      if (blocks.length === 0) report(`${path}.content`, 'must not be empty');
      return [{ role: 'user', content: blocks }];
    }
    case 'assistant': {
      const calls = (message.tool_calls ?? []).map((call, index) =>
        toolUseOf(
          { id: call.id, name: call.function.name, argumentsJson: call.function.arguments },
          `${path}.tool_calls[${index}].function.arguments`,
          report,
        ),
      );
      const said = typeof message.content === 'string' ? message.content : message.content?.map(asText);
      const content = [...textBlocks(said), ...textBlocks(message.refusal), ...calls];
      if (content.length === 0) report(path, 'must have content or tool_calls');
      return [{ role: 'assistant', content }];
    }
    case 'tool': {
      if (typeof message.content !== 'string') refuseCacheMarks(message.content, `${path}.content`, report);
      const content = textBlocks(message.content).filter((block) => 'text' in block);
      return [{ role: 'user', content: [{ toolResult: { toolUseId: message.tool_call_id, content } }] }];
    }
  }
}

/** What a model refused with is what it said. */
function asText(part: OpenAiAnswerPart): OpenAiTextPart {
  return part.type === 'text' ? part : { type: 'text', text: part.refusal };
}

function partBlocks(part: OpenAiContentPart, path: string, report: Report): readonly ContentBlock[] {
  if (part.type === 'text') return textBlocks([part]);
  const block = part.type === 'file' ? documentOfFile(part.file) : imageOfDataUrl(part.image_url.url);
  if (typeof block !== 'string') return [block, ...cachePointAfter(part)];
  report(part.type === 'file' ? `${path}.file.file_data` : `${path}.image_url.url`, block);
  return [];
}

function inferenceOf(body: OpenAiChatBody, report: Report): ChatRequest['inference'] {
  const { max_tokens: old, max_completion_tokens: current, temperature, top_p: topP, stop } = body;
  if (old != null && current != null && old !== current) {
    report('max_tokens', 'must equal max_completion_tokens where both are given');
  }
  const maxTokens = current ?? old;
  const stops = typeof stop === 'string' ? [stop] : stop;
  return {
    ...(maxTokens == null ? {} : { maxTokens }),
    ...(temperature == null ? {} : { temperature }),
    ...(topP == null ? {} : { topP }),
    ...(stops == null || stops.length === 0 ? {} : { stopSequences: stops }),
  };
}

/** What asks for nothing is no need. */
function samplingOf(body: OpenAiChatBody): Pick<ChatRequest, 'sampling'> {
  const { seed, frequency_penalty: frequencyPenalty, presence_penalty: presencePenalty } = body;
  const logitBias = body.logit_bias ?? {};
  const sampling: SamplingOptions = {
    ...(seed == null ? {} : { seed }),
    ...(frequencyPenalty == null || frequencyPenalty === 0 ? {} : { frequencyPenalty }),
    ...(presencePenalty == null || presencePenalty === 0 ? {} : { presencePenalty }),
    ...(Object.keys(logitBias).length === 0 ? {} : { logitBias }),
  };
  return Object.keys(sampling).length === 0 ? {} : { sampling };
}

function offeredTools(body: OpenAiChatBody): OfferedTools {
  return {
    tools: (body.tools ?? []).map((tool) => tool.function),
    choice: choiceOf(body.tool_choice ?? 'auto'),
    used: body.messages.some((message) => message.role === 'tool'),
  };
}

function choiceOf(choice: OpenAiToolChoice): FunctionChoice {
  if (typeof choice === 'string') return choice;
  if (choice.type === 'function') return choice.function;
  const { mode, tools } = choice.allowed_tools;
  return { mode, names: tools.map((tool) => tool.function.name) };
}

function responseFormatOf(
  format: OpenAiChatBody['response_format'],
  report: Report,
): Pick<ChatRequest, 'responseFormat'> {
  if (format == null || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { kind: 'json' } };
  return jsonSchemaFormat(format.json_schema, 'response_format.json_schema.schema', report);
}
