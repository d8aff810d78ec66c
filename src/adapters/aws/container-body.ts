/** The canonical chat as the body of an OpenAI-shaped model container (vLLM, SGLang, DJL, TGI's messages API). */
import type { ChatMessage, ChatRequest, ContentBlock, ToolChoice } from '#core/chat/chat-request.ts';

export interface ContainerBodyOptions {
  /** The name that the container serves its model under. */
  readonly servedModel: string;
  readonly maxTokens: number;
  readonly stream: boolean;
}

export function containerBody(request: ChatRequest, options: ContainerBodyOptions): string {
  const { inference, tools } = request;
  return JSON.stringify({
    model: options.servedModel,
    messages: [...systemMessages(request), ...request.messages.flatMap(wireMessages)],
    max_tokens: options.maxTokens,
    temperature: inference.temperature,
    top_p: inference.topP,
    stop: inference.stopSequences,
    tools: tools?.specifications.map(({ name, description, inputSchema }) => ({
      type: 'function',
      function: { name, description, parameters: inputSchema },
    })),
    tool_choice: tools === undefined ? undefined : wireToolChoice(tools.choice),
    response_format: responseFormat(request.responseFormat),
    stream: options.stream,
    // Without it a stream carries no token counts at all.
    stream_options: options.stream ? { include_usage: true } : undefined,
  });
}

function systemMessages(request: ChatRequest) {
  if (request.system.length === 0) return [];
  return [{ role: 'system', content: request.system.map(({ text }) => text).join('\n\n') }];
}

/** Tool results are messages of their own there, and come before what the user says next. */
function wireMessages(message: ChatMessage): readonly object[] {
  if (message.role === 'assistant') return [assistantMessage(message.content)];
  const results = message.content.filter((block) => 'toolResult' in block);
  const said = message.content.filter((block) => 'text' in block || 'image' in block);
  return [
    ...results.map(({ toolResult }) => ({
      role: 'tool',
      tool_call_id: toolResult.toolUseId,
      content: toolResult.content.map(({ text }) => text).join('\n'),
    })),
    ...(said.length === 0 ? [] : [{ role: 'user', content: userContent(said) }]),
  ];
}

function assistantMessage(content: readonly ContentBlock[]) {
  const text = content.flatMap((block) => ('text' in block ? [block.text] : [])).join('');
  const calls = content.flatMap((block) => ('toolUse' in block ? [block.toolUse] : []));
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
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
function userContent(blocks: readonly ContentBlock[]): string | readonly object[] {
  if (blocks.every((block) => 'text' in block)) return blocks.map(({ text }) => text).join('\n');
  return blocks.flatMap((block): object[] => {
    if ('text' in block) return [{ type: 'text', text: block.text }];
    if (!('image' in block)) return [];
    const { format, bytesBase64 } = block.image;
    return [{ type: 'image_url', image_url: { url: `data:image/${format};base64,${bytesBase64}` } }];
  });
}

function wireToolChoice(choice: ToolChoice) {
  switch (choice.kind) {
    case 'auto':
      return 'auto';
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: choice.name } };
  }
}

function responseFormat(format: ChatRequest['responseFormat']) {
  if (format === undefined) return undefined;
  if (format.kind === 'json') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: format.name, schema: format.schema, strict: true } };
}
