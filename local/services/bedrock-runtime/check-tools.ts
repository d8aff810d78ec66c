import type { ContentBlock, Message, ToolConfiguration } from '@aws-sdk/client-bedrock-runtime';
import { isRecord } from '../../world/body-check.ts';
import { constraint, invalid } from './refusals.ts';

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** Refuses tool definitions that no model could use, and tool results that answer nothing. */
export function checkTools(config: ToolConfiguration | undefined, messages: readonly Message[]): void {
  if (config) checkConfig(config);
  const used = messages.some((message) =>
    message.content?.some((block) => block.toolUse || block.toolResult),
  );
  if (used && !config) {
    throw invalid('The toolConfig field must be defined when using toolUse and toolResult content blocks.');
  }
  messages.forEach((message, index) => {
    checkResults(message, messages[index - 1], index);
  });
}

function checkConfig({ tools, toolChoice }: ToolConfiguration): void {
  if (!tools || tools.length === 0) {
    throw constraint('[]', 'toolConfig.tools', 'have length greater than or equal to 1');
  }
  const names: string[] = [];
  tools.forEach((tool, index) => {
    const at = `toolConfig.tools.${index + 1}.member`;
    if (tool.cachePoint) return;
    const { toolSpec } = tool;
    if (!toolSpec)
      throw invalid(`The Tool object at toolConfig.tools.${index} must set toolSpec or cachePoint.`);
    const name = toolSpec.name ?? '';
    if (!TOOL_NAME.test(name)) {
      throw constraint(
        name,
        `${at}.toolSpec.name`,
        `satisfy regular expression pattern: ${TOOL_NAME.source}`,
      );
    }
    if (names.includes(name))
      throw invalid(`The tool name ${name} is used more than once in toolConfig.tools.`);
    names.push(name);
    const schema = toolSpec.inputSchema?.json;
    if (!isRecord(schema) || (schema.type !== undefined && schema.type !== 'object')) {
      throw invalid(
        `The value at toolConfig.tools.${index}.toolSpec.inputSchema.json.type must be one of the following: object.`,
      );
    }
  });
  const chosen = toolChoice?.tool?.name;
  if (toolChoice?.tool && !names.includes(chosen ?? '')) {
    throw invalid(
      `The tool ${chosen} in toolConfig.toolChoice.tool is not among the tools in toolConfig.tools.`,
    );
  }
}

function checkResults(message: Message, before: Message | undefined, index: number): void {
  const asked = ids(before, (block) => (message.role === 'user' ? block.toolUse?.toolUseId : undefined));
  const answered = ids(message, (block) => block.toolResult?.toolUseId);
  if (answered.some((id) => !asked.includes(id))) {
    throw invalid(
      `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`,
    );
  }
  const missing = asked.filter((id) => !answered.includes(id));
  if (missing.length > 0) {
    throw invalid(
      `Expected toolResult blocks at messages.${index}.content for the following Ids: ${missing.join(', ')}`,
    );
  }
}

function ids(
  message: Message | undefined,
  idOf: (block: ContentBlock) => string | undefined,
): readonly string[] {
  return (message?.content ?? []).flatMap((block) => idOf(block) ?? []);
}
