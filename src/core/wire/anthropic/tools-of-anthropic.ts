import type { ChatRequest, ToolChoice } from '../../chat/chat-request.ts';
import type { AnthropicBody, AnthropicTool, AnthropicToolChoice } from './anthropic-body.ts';
import { cachePointOf } from './blocks-of-anthropic.ts';
import type { Report } from './report.ts';

/** The tools of a body, and how they may be called. */
export function toolsOfAnthropic(body: AnthropicBody, report: Report): Pick<ChatRequest, 'tools'> {
  const tools = body.tools ?? [];
  const choice: AnthropicToolChoice = body.tool_choice ?? { type: 'auto' };
  const used = usesTools(body);
  if (tools.length === 0) {
    if (used) report('tools', 'must be given while messages hold tool_use or tool_result: targets want them');
    if (choice.type === 'any' || choice.type === 'tool') report('tool_choice', 'needs tools');
    return {};
  }
  const names = tools.map(({ name }) => name);
  if (new Set(names).size !== names.length) report('tools', 'must have names that differ');
  if (choice.type === 'tool' && !names.includes(choice.name))
    report('tool_choice.name', `"${choice.name}" is none of tools: ${names.join(', ')}`);
  // Targets want the tools that a conversation used, even where none may be called.
  if (choice.type === 'none' && !used) return {};
  return { tools: { specifications: tools.map(specificationOf), choice: choiceOf(choice) } };
}

function usesTools({ messages }: AnthropicBody): boolean {
  return messages.some(
    ({ content }) =>
      typeof content === 'object' &&
      content.some(({ type }) => type === 'tool_use' || type === 'tool_result'),
  );
}

function specificationOf({ name, description, input_schema, strict, cache_control }: AnthropicTool) {
  const [point] = cachePointOf(cache_control);
  return {
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    inputSchema: input_schema,
    ...(strict === true ? { strict: true } : {}),
    ...point,
  };
}

function choiceOf(choice: AnthropicToolChoice): ToolChoice {
  return choice.type === 'tool' ? { kind: 'tool', name: choice.name } : { kind: choice.type };
}
