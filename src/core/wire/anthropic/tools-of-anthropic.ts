import type { ChatRequest, ToolChoice } from '../../chat/chat-request.ts';
import type { AnthropicBody, AnthropicTool } from './anthropic-body.ts';
import { cachePointOf } from './blocks-of-anthropic.ts';
import type { Report } from './chat-request-of-anthropic.ts';

/** The tools of a body; none where the choice is none. */
export function toolsOfAnthropic(body: AnthropicBody, report: Report): Pick<ChatRequest, 'tools'> {
  const tools = body.tools ?? [];
  const choice = body.tool_choice ?? { type: 'auto' };
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
  if (choice.type === 'none') {
    if (used) {
      const message =
        'must not be none while messages hold tool_use or tool_result: targets then want tools, and may call them';
      report('tool_choice.type', message);
    }
    return {};
  }
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

function choiceOf(
  choice: { readonly type: 'auto' | 'any' } | { readonly type: 'tool'; readonly name: string },
) {
  return choice.type === 'tool'
    ? ({ kind: 'tool', name: choice.name } satisfies ToolChoice)
    : ({ kind: choice.type } satisfies ToolChoice);
}
