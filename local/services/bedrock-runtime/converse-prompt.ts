import type {
  ContentBlock,
  ConverseRequest,
  Message,
  ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime';
import type { Part, Prompt, Tool, ToolChoice } from '../../world/answers/prompt.ts';
import { isRecord } from '../../world/body-check.ts';

const MEDIA = ['image', 'document', 'video', 'audio'] as const;

/** The conversation of a checked request. */
export function conversePrompt(
  request: Pick<
    ConverseRequest,
    'messages' | 'system' | 'toolConfig' | 'outputConfig' | 'additionalModelRequestFields'
  >,
): Prompt {
  const schema = request.outputConfig?.textFormat?.structure?.jsonSchema?.schema;
  return {
    system: (request.system ?? []).flatMap((block) => (block.text === undefined ? [] : [block.text])),
    turns: (request.messages ?? []).map((message) => ({
      role: message.role as 'user' | 'assistant',
      parts: parts(message),
    })),
    tools: tools(request.toolConfig),
    toolChoice: ownToolChoice(request.additionalModelRequestFields) ?? toolChoice(request.toolConfig),
    ...(schema === undefined ? {} : { answerSchema: JSON.parse(schema) as unknown }),
  };
}

function parts(message: Message): readonly Part[] {
  return (message.content ?? []).flatMap((block) => partsOf(block));
}

/** What a block says. Cache points say nothing; reasoning of earlier turns is dropped, as models do. */
function partsOf(block: ContentBlock): readonly Part[] {
  if (block.text !== undefined) return [{ kind: 'text', text: block.text }];
  if (block.guardContent?.text) return [{ kind: 'text', text: block.guardContent.text.text ?? '' }];
  if (block.toolUse) {
    const { toolUseId = '', name = '', input } = block.toolUse;
    return [{ kind: 'tool-use', id: toolUseId, name, input }];
  }
  if (block.toolResult) {
    const { toolUseId = '', content = [] } = block.toolResult;
    const texts = content.map(
      (item) => item.text ?? (item.json === undefined ? '' : JSON.stringify(item.json)),
    );
    return [{ kind: 'tool-result', id: toolUseId, text: texts.join('\n') }];
  }
  const media = MEDIA.find((kind) => block[kind] !== undefined);
  return media ? [{ kind: 'media', media, bytes: block[media]?.source?.bytes?.length ?? 0 }] : [];
}

function tools(config: ToolConfiguration | undefined): readonly Tool[] {
  return (config?.tools ?? []).flatMap(({ toolSpec }) =>
    toolSpec
      ? [
          {
            name: toolSpec.name ?? '',
            description: toolSpec.description ?? '',
            schema: toolSpec.inputSchema?.json,
          },
        ]
      : [],
  );
}

function toolChoice(config: ToolConfiguration | undefined): ToolChoice {
  const choice = config?.toolChoice;
  if (choice?.any) return { kind: 'any' };
  return choice?.tool ? { kind: 'tool', name: choice.tool.name ?? '' } : { kind: 'auto' };
}

/** Anthropic's own choice of a tool, which stands beside Converse's members. */
function ownToolChoice(fields: ConverseRequest['additionalModelRequestFields']): ToolChoice | undefined {
  if (!isRecord(fields) || !isRecord(fields.tool_choice)) return undefined;
  const { type, name } = fields.tool_choice;
  if (type === 'tool') return { kind: 'tool', name: String(name) };
  if (type === 'none') return { kind: 'none' };
  return type === 'any' ? { kind: 'any' } : { kind: 'auto' };
}
