import type {
  CachePointBlock,
  ChatMessage,
  ChatRequest,
  ContentBlock,
  DocumentBlock,
  ImageBlock,
  TextBlock,
} from '../../chat/chat-request.ts';
import { cachePointAfter, refuseCacheMarks } from '../openai/cache-breakpoint.ts';
import { conversationOf, type Report, toolUseOf, type WireViolation } from '../openai/conversation.ts';
import { documentOfFile } from '../openai/document-of-file.ts';
import { imageOfDataUrl } from '../openai/image-of-data-url.ts';
import { jsonSchemaFormat } from '../openai/json-schema-format.ts';
import { modelOptionsOf } from '../openai/model-options.ts';
import { type FunctionChoice, toolsOf } from '../openai/tools.ts';
import type {
  InputItem,
  InputPart,
  ReasoningItem,
  ResponsesBody,
  ResponsesToolChoice,
} from './responses-body.ts';
import { unseal } from './sealed-thought.ts';

export type TranslatedResponses =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly violations: readonly WireViolation[] };

/** The canonical request of a checked body. What the shape alone cannot say is judged here, all violations at once. */
export function chatRequestOfResponses(body: ResponsesBody): TranslatedResponses {
  const violations: WireViolation[] = [];
  const report = (path: string, message: string): void => {
    violations.push({ path, message });
  };
  const messages = conversationOf(turnsOf(body.input, report), 'input', report);
  const tools = toolsOf(
    {
      tools: body.tools ?? [],
      choice: choiceOf(body.tool_choice ?? 'auto'),
      used: messages.some(({ content }) => content.some((block) => 'toolResult' in block)),
    },
    report,
  );
  const request: ChatRequest = {
    model: body.model,
    system: systemOf(body, report),
    messages,
    inference: inferenceOf(body),
    ...(tools === undefined ? {} : { tools }),
    ...responseFormatOf(body, report),
    ...(body.prompt_cache_key == null ? {} : { promptCacheKey: body.prompt_cache_key }),
    ...modelOptionsOf({
      serviceTier: body.service_tier,
      effort: body.reasoning?.effort,
      singleToolCall: body.parallel_tool_calls === false && tools !== undefined,
    }),
  };
  return violations.length === 0 ? { ok: true, request } : { ok: false, violations };
}

function turnsOf(input: ResponsesBody['input'], report: Report): readonly ChatMessage[] {
  if (typeof input !== 'string')
    return input.flatMap((item, index) => turnOf(item, `input[${index}]`, report));
  if (input === '') report('input', 'must not be empty');
  return [{ role: 'user', content: textBlocks(input) }];
}

function turnOf(item: InputItem, path: string, report: Report): readonly ChatMessage[] {
  switch (item.type) {
    case 'message':
      return item.role === 'user' || item.role === 'assistant' ? messageOf(item, path, report) : [];
    case 'function_call': {
      const call = { id: item.call_id, name: item.name, argumentsJson: item.arguments };
      return [{ role: 'assistant', content: [toolUseOf(call, `${path}.arguments`, report)] }];
    }
    case 'function_call_output': {
      const { call_id: toolUseId, output } = item;
      const content =
        typeof output === 'string'
          ? textBlocks(output)
          : output.flatMap((part, index) => partBlocks(part, `${path}.output[${index}]`, report));
      if (typeof output !== 'string') refuseCacheMarks(output, `${path}.output`, report);
      return [{ role: 'user', content: [{ toolResult: { toolUseId, content } }] }];
    }
    case 'reasoning': {
      const content = thoughtOf(item, path, report);
      return content.length === 0 ? [] : [{ role: 'assistant', content }];
    }
  }
}

function messageOf(
  item: Extract<InputItem, { type: 'message' }>,
  path: string,
  report: Report,
): readonly ChatMessage[] {
  const { content, role } = item;
  const blocks =
    typeof content === 'string'
      ? textBlocks(content)
      : content.flatMap((part: AnyPart, index) =>
          withMark(part, partBlocks(part, `${path}.content[${index}]`, report)),
        );
  if (role === 'assistant') return blocks.length === 0 ? [] : [{ role, content: blocks }];
  if (blocks.length === 0) report(`${path}.content`, 'must not be empty');
  return [{ role: 'user', content: blocks }];
}

type AnyPart =
  | InputPart
  | { readonly type: 'output_text'; readonly text: string }
  | { readonly type: 'refusal'; readonly refusal: string };

function partBlocks(
  part: AnyPart,
  path: string,
  report: Report,
): readonly (TextBlock | ImageBlock | DocumentBlock)[] {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return textBlocks(part.text);
    case 'refusal':
      return textBlocks(part.refusal);
    case 'input_image': {
      const image = imageOfDataUrl(part.image_url);
      if (typeof image !== 'string') return [image];
      report(`${path}.image_url`, image);
      return [];
    }
    case 'input_file': {
      const document = documentOfFile(part);
      if (typeof document !== 'string') return [document];
      report(`${path}.file_data`, document);
      return [];
    }
  }
}

/** What is left out has nothing behind it that could be kept. */
function withMark<Block>(part: AnyPart, blocks: readonly Block[]): readonly (Block | CachePointBlock)[] {
  const marked = blocks.length > 0 && 'prompt_cache_breakpoint' in part;
  return marked ? [...blocks, ...cachePointAfter(part)] : blocks;
}

/** Empty texts are left out: targets refuse them, and they say nothing. */
function textBlocks(text: string): readonly TextBlock[] {
  return text === '' ? [] : [{ text }];
}

/**
 * A thought with its proof is given back to the model. One without is left out: the providers that check thoughts
 * refuse it, and the templates of the others strip it.
 */
function thoughtOf(item: ReasoningItem, path: string, report: Report): readonly ContentBlock[] {
  const { encrypted_content: sealed, summary, content } = item;
  if (sealed == null || sealed === '') return [];
  const parts = summary.length > 0 ? summary : (content ?? []);
  const thought = unseal(sealed, parts.map(({ text }) => text).join(''));
  if (typeof thought !== 'string') return [thought];
  report(`${path}.encrypted_content`, thought);
  return [];
}

function systemOf({ instructions, input }: ResponsesBody, report: Report): ChatRequest['system'] {
  const items = typeof input === 'string' ? [] : input;
  const texts = items.flatMap((item, index): readonly (TextBlock | CachePointBlock)[] => {
    if (item.type !== 'message' || (item.role !== 'system' && item.role !== 'developer')) return [];
    if (typeof item.content === 'string') return textBlocks(item.content);
    return item.content.flatMap((part, at) => {
      if (part.type === 'input_text') return withMark(part, textBlocks(part.text));
      report(`input[${index}].content[${at}].type`, `must be input_text in a ${item.role} message`);
      return [];
    });
  });
  return [...textBlocks(instructions ?? ''), ...texts];
}

function inferenceOf(body: ResponsesBody): ChatRequest['inference'] {
  const { max_output_tokens: maxTokens, temperature, top_p: topP } = body;
  return {
    ...(maxTokens == null ? {} : { maxTokens }),
    ...(temperature == null ? {} : { temperature }),
    ...(topP == null ? {} : { topP }),
  };
}

function choiceOf(choice: ResponsesToolChoice): FunctionChoice {
  if (typeof choice === 'string') return choice;
  if (choice.type === 'function') return { name: choice.name };
  return { mode: choice.mode, names: choice.tools.map(({ name }) => name) };
}

function responseFormatOf({ text }: ResponsesBody, report: Report): Pick<ChatRequest, 'responseFormat'> {
  const format = text?.format;
  if (format == null || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { kind: 'json' } };
  return jsonSchemaFormat(format, 'text.format.schema', report);
}
