/** The canonical chat as the body of an OpenAI-shaped model container (vLLM, SGLang, DJL, TGI's messages API). */
import type {
  ChatMessage,
  ChatRequest,
  ContentBlock,
  ToolChoice,
  ToolResultContent,
} from '#core/chat/chat-request.ts';
import { invariant } from '#core/units/invariant.ts';

export interface ContainerBodyOptions {
  /** The name that the container serves its model under. */
  readonly servedModel: string;
  readonly maxTokens: number;
  readonly stream: boolean;
}

export function containerBody(request: ChatRequest, options: ContainerBodyOptions): string {
  const { inference, sampling, tools } = request;
  return JSON.stringify({
    model: options.servedModel,
    messages: [...systemMessages(request), ...request.messages.flatMap(wireMessages)],
    max_tokens: options.maxTokens,
    temperature: inference.temperature,
    top_p: inference.topP,
    stop: inference.stopSequences,
    seed: sampling?.seed,
    frequency_penalty: sampling?.frequencyPenalty,
    presence_penalty: sampling?.presencePenalty,
    logit_bias: sampling?.logitBias,
    tools: tools?.specifications.map(({ name, description, inputSchema, strict }) => ({
      type: 'function',
      function: { name, description, parameters: inputSchema, strict },
    })),
    tool_choice: tools === undefined ? undefined : wireToolChoice(tools.choice),
    response_format: responseFormat(request.responseFormat),
    stream: options.stream,
    // Without it a stream carries no token counts at all.
    stream_options: options.stream ? { include_usage: true } : undefined,
  });
}

/**
 * A body of the same format as its caller sent it, but for what is the gateway's to say. It is written from what was
 * checked and not copied letter by letter: of a member that stands there twice a container could read the other one.
 * What was said comes first, whatever the caller's order: endpoints that route by a prefix go by the body's first bytes.
 */
export function sentBody(
  members: Readonly<Record<string, unknown>>,
  { servedModel, maxTokens, stream }: ContainerBodyOptions,
): string {
  // The newer name of the same bound is not known to every engine.
  const { model: _, max_completion_tokens: __, stream_options: ___, messages, ...others } = members;
  // Null says nothing, and not every engine takes it for that.
  const said = Object.entries(others).filter(([, value]) => value !== null);
  return JSON.stringify({
    model: servedModel,
    messages,
    ...Object.fromEntries(said),
    max_tokens: maxTokens,
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
  });
}

function systemMessages(request: ChatRequest) {
  // Cache points are left out: these engines find common beginnings by themselves.
  const texts = request.system.flatMap((block) => ('text' in block ? [block.text] : []));
  return texts.length === 0 ? [] : [{ role: 'system', content: texts.join('\n\n') }];
}

/** Tool results are messages of their own there, and come before what the user says next. */
function wireMessages(message: ChatMessage): readonly object[] {
  if (message.role === 'assistant') return [assistantMessage(message.content)];
  const results = message.content.filter((block) => 'toolResult' in block);
  const shown = results.flatMap(({ toolResult }) => toolResult.content.filter((part) => 'image' in part));
  const said = [...shown, ...message.content.filter((block) => !('toolResult' in block))].filter(
    (block) => !('cachePoint' in block),
  );
  return [
    ...results.map(({ toolResult }) => ({
      role: 'tool',
      tool_call_id: toolResult.toolUseId,
      content: toolResult.content.flatMap(resultText).join('\n'),
    })),
    ...(said.length === 0 ? [] : [{ role: 'user', content: userContent(said) }]),
  ];
}

/** A tool's message there is text alone; an image in it is shown with what the user says next. */
function resultText(part: ToolResultContent): readonly string[] {
  if ('text' in part) return [part.text];
  return 'json' in part ? [JSON.stringify(part.json)] : [];
}

function assistantMessage(content: readonly ContentBlock[]) {
  const text = content.flatMap((block) => ('text' in block ? [block.text] : [])).join('');
  const thoughts = content
    .flatMap((block) => ('reasoning' in block && 'text' in block.reasoning ? [block.reasoning.text] : []))
    .join('');
  const calls = content.flatMap((block) => ('toolUse' in block ? [block.toolUse] : []));
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    reasoning_content: thoughts === '' ? undefined : thoughts,
    tool_calls:
      calls.length === 0
        ? undefined
        : calls.map(({ toolUseId, name, input }) => ({
            id: toolUseId,
            type: 'function',
            function: { name, arguments: JSON.stringify(input) },
          })),
  };
}

/** Plain text where it is only text: some containers take no list of parts. */
function userContent(blocks: readonly (ContentBlock | ToolResultContent)[]): string | readonly object[] {
  if (blocks.every((block) => 'text' in block)) return blocks.map(({ text }) => text).join('\n');
  return blocks.flatMap((block): object[] => {
    if ('text' in block) return [{ type: 'text', text: block.text }];
    // Such a request needs a capability that no container has: the decide stage does not let it come here.
    invariant('image' in block, 'a container takes text and images only');
    const { format, bytesBase64 } = block.image;
    return [{ type: 'image_url', image_url: { url: `data:image/${format};base64,${bytesBase64}` } }];
  });
}

function wireToolChoice(choice: ToolChoice) {
  switch (choice.kind) {
    case 'auto':
    case 'none':
      return choice.kind;
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: choice.name } };
  }
}

function responseFormat(format: ChatRequest['responseFormat']) {
  if (format === undefined) return undefined;
  if (format.kind === 'json') return { type: 'json_object' };
  const { name, description, schema } = format;
  return { type: 'json_schema', json_schema: { name, description, schema, strict: true } };
}
