/** The canonical chat as the body of Bedrock's Converse and ConverseStream. */
import type { ChatMessage, ChatRequest, ContentBlock, ToolChoice } from '#core/chat/chat-request.ts';

/** @param maxTokens always sent: left out, Bedrock reserves the model's maximum of the token quota */
export function converseBody(request: ChatRequest, maxTokens: number): string {
  const { system, messages, inference, tools } = request;
  return JSON.stringify({
    messages: messages.map(wireMessage),
    system: system.length === 0 ? undefined : system.map(({ text }) => ({ text })),
    inferenceConfig: {
      maxTokens,
      temperature: inference.temperature,
      topP: inference.topP,
      stopSequences: inference.stopSequences,
    },
    toolConfig: tools === undefined ? undefined : toolConfig(tools),
  });
}

function wireMessage(message: ChatMessage) {
  return { role: message.role, content: message.content.map(wireBlock) };
}

function wireBlock(block: ContentBlock) {
  if ('text' in block) return { text: block.text };
  if ('image' in block) {
    return { image: { format: block.image.format, source: { bytes: block.image.bytesBase64 } } };
  }
  if ('toolUse' in block) {
    const { toolUseId, name, input } = block.toolUse;
    return { toolUse: { toolUseId, name, input } };
  }
  const { toolUseId, content, status } = block.toolResult;
  return { toolResult: { toolUseId, content: content.map(({ text }) => ({ text })), status } };
}

function toolConfig(tools: NonNullable<ChatRequest['tools']>) {
  return {
    tools: tools.specifications.map(({ name, description, inputSchema }) => ({
      toolSpec: { name, description, inputSchema: { json: inputSchema } },
    })),
    toolChoice: wireToolChoice(tools.choice),
  };
}

function wireToolChoice(choice: ToolChoice) {
  switch (choice.kind) {
    case 'auto':
      return { auto: {} };
    case 'any':
      return { any: {} };
    case 'tool':
      return { tool: { name: choice.name } };
  }
}
