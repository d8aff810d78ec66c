import { describe, expect, it } from 'vitest';
import type { ConverseMessage, ConverseToolConfig } from '#core/wire/bedrock/converse-request-body.ts';
import { checkToolResults, toolsOfConverse } from '#core/wire/bedrock/tools-of-converse.ts';

const toolSpec = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: 'object' } } } });
const cachePoint = { cachePoint: { type: 'default', ttl: '1h' } } as const;

function read(toolConfig: ConverseToolConfig) {
  const reported: string[] = [];
  const tools = toolsOfConverse({ messages: [], toolConfig }, (path, message) => {
    reported.push(`${path}: ${message}`);
  });
  return { tools, reported };
}

describe('tools', () => {
  it('keep each cache point behind its tool, and are free to be called where nothing is said', () => {
    const { tools, reported } = read({ tools: [toolSpec('a'), cachePoint, toolSpec('b')] });
    expect(reported).toEqual([]);
    expect(tools).toEqual({
      specifications: [
        { name: 'a', inputSchema: { type: 'object' }, cachePoint: { ttl: '1h' } },
        { name: 'b', inputSchema: { type: 'object' } },
      ],
      choice: { kind: 'auto' },
    });
  });

  it.each([
    [{ auto: {} }, { kind: 'auto' }],
    [{ any: {} }, { kind: 'any' }],
    [{ tool: { name: 'a' } }, { kind: 'tool', name: 'a' }],
  ])('are chosen by %j', (toolChoice, choice) => {
    expect(read({ tools: [toolSpec('a')], toolChoice }).tools?.choice).toEqual(choice);
  });

  it('fail with two of one name, a choice of none of them, and cache points that would be lost', () => {
    const { reported } = read({
      tools: [toolSpec('a'), cachePoint, cachePoint, toolSpec('a')],
      toolChoice: { tool: { name: 'b' } },
    });
    expect(reported).toEqual([
      'toolConfig.tools[2].cachePoint: must stand behind a toolSpec of its own',
      'toolConfig.tools: must have names that differ',
      'toolConfig.toolChoice.tool.name: "b" is none of the tools: a, a',
    ]);
  });
});

describe('tool results', () => {
  const result = (toolUseId: string): ConverseMessage => ({
    role: 'user',
    content: [{ text: 'here' }, { toolResult: { toolUseId, content: [] } }],
  });
  const call = (toolUseId: string): ConverseMessage => ({
    role: 'assistant',
    content: [{ toolUse: { toolUseId, name: 'look' } }],
  });
  const reported = (messages: readonly ConverseMessage[]) => {
    const paths: string[] = [];
    checkToolResults(messages, (path) => {
      paths.push(path);
    });
    return paths;
  };

  it('answer calls that were made before them', () => {
    expect(reported([call('one'), result('one')])).toEqual([]);
    expect(reported([result('one'), call('one')])).toEqual(['messages[0].content[1].toolResult.toolUseId']);
  });
});
