import type { ChatRequest, ToolSpecification } from '../../chat/chat-request.ts';
import { cachePointOf } from './blocks-of-converse.ts';
import type { ConverseMessage, ConverseRequestBody, ConverseToolConfig } from './converse-request-body.ts';
import type { Report } from './report.ts';

export function toolsOfConverse(body: ConverseRequestBody, report: Report): ChatRequest['tools'] {
  const { toolConfig } = body;
  if (toolConfig === undefined) return undefined;
  const specifications = specificationsOf(toolConfig, report);
  const names = specifications.map(({ name }) => name);
  if (new Set(names).size !== names.length) report('toolConfig.tools', 'must have names that differ');
  if (names.length === 0) report('toolConfig.tools', 'must hold at least one toolSpec');
  return { specifications, choice: choiceOf(toolConfig, { names, report }) };
}

function specificationsOf({ tools }: ConverseToolConfig, report: Report): readonly ToolSpecification[] {
  const specifications: ToolSpecification[] = [];
  for (const [index, { toolSpec, cachePoint }] of tools.entries()) {
    if (toolSpec !== undefined) specifications.push(specificationOf(toolSpec));
    if (cachePoint === undefined) continue;
    const before = specifications.at(-1);
    if (before === undefined || before.cachePoint !== undefined) {
      report(`toolConfig.tools[${index}].cachePoint`, 'must stand behind a toolSpec of its own');
      continue;
    }
    specifications[specifications.length - 1] = { ...before, cachePoint: cachePointOf(cachePoint) };
  }
  return specifications;
}

function specificationOf(toolSpec: NonNullable<ConverseToolConfig['tools'][number]['toolSpec']>) {
  const { name, description, inputSchema, strict } = toolSpec;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: inputSchema.json,
    ...(strict === undefined ? {} : { strict }),
  };
}

function choiceOf(
  { toolChoice }: ConverseToolConfig,
  { names, report }: { readonly names: readonly string[]; readonly report: Report },
): NonNullable<ChatRequest['tools']>['choice'] {
  if (toolChoice?.any !== undefined) return { kind: 'any' };
  const name = toolChoice?.tool?.name;
  if (name === undefined) return { kind: 'auto' };
  if (!names.includes(name)) {
    report('toolConfig.toolChoice.tool.name', `"${name}" is none of the tools: ${names.join(', ')}`);
  }
  return { kind: 'tool', name };
}

/** A result of a call that nobody made would be refused by every target, each with other words. */
export function checkToolResults(messages: readonly ConverseMessage[], report: Report): void {
  const called = new Set<string>();
  for (const [index, { content }] of messages.entries()) {
    for (const [place, { toolUse, toolResult }] of content.entries()) {
      if (toolUse !== undefined) called.add(toolUse.toolUseId);
      if (toolResult === undefined || called.has(toolResult.toolUseId)) continue;
      report(
        `messages[${index}].content[${place}].toolResult.toolUseId`,
        `answers the call "${toolResult.toolUseId}", which no message before it makes`,
      );
    }
  }
}
