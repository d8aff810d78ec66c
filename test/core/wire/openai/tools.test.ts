import { describe, expect, it } from 'vitest';
import { type FunctionChoice, toolsOf } from '#core/wire/openai/tools.ts';

const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }, { name: 'hear' }];

function offered(choice: FunctionChoice, used = false, given: typeof tools = tools) {
  const found: string[] = [];
  const result = toolsOf({ tools: given, choice, used }, (path) => found.push(path));
  return { result, found };
}

describe('tools', () => {
  it('become specifications, with an empty schema where none is given', () => {
    expect(offered('auto').result).toEqual({
      specifications: [
        { name: 'look', description: 'Looks.', inputSchema: { type: 'object' } },
        { name: 'hear', inputSchema: { type: 'object', properties: {} } },
      ],
      choice: { kind: 'auto' },
    });
  });

  it('are only those that are allowed', () => {
    const { result } = offered({ mode: 'required', names: ['hear'] });
    expect(result?.specifications.map(({ name }) => name)).toEqual(['hear']);
    expect(result?.choice).toEqual({ kind: 'any' });
    expect(offered({ mode: 'auto', names: ['look'] }).result?.choice).toEqual({ kind: 'auto' });
  });

  it('are forced by name', () => {
    expect(offered({ name: 'hear' }).result?.choice).toEqual({ kind: 'tool', name: 'hear' });
    expect(offered('required').result?.choice).toEqual({ kind: 'any' });
  });

  it('are known and not called where earlier turns called them', () => {
    expect(offered('none').result).toBeUndefined();
    expect(offered('none', true).result).toMatchObject({
      specifications: tools.map(({ name }) => ({ name })),
      choice: { kind: 'none' },
    });
  });

  it('are chosen among those that there are', () => {
    expect(offered({ name: 'smell' }).found).toEqual(['tool_choice']);
    expect(offered({ mode: 'auto', names: ['smell', 'taste'] }).found).toEqual([
      'tool_choice',
      'tool_choice',
    ]);
    expect(offered('required', false, []).found).toEqual(['tool_choice']);
    expect(offered('auto', false, [...tools, ...tools]).found).toEqual(['tools']);
  });
});
