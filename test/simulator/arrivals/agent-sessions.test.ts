import { describe, expect, it } from 'vitest';
import { readAgentSessions } from '#simulator/arrivals/agent-sessions.ts';

const heading = 'trace,agent,step,model,input_tokens,output_tokens,prefix_blocks,new_runs,think_s';
const lines = [
  heading,
  '1,main,0,opus,200,20,0,1+3,0.0',
  '1,main,1,opus,300,30,2,9 20+2,12.5',
  '1,sub,0,haiku,50,5,0,1,0',
  '2,main,0,sonnet,60,6,0,1,',
];
const sessions = () => readAgentSessions({ file: 'agents.csv', lines: [lines] });

describe('sessions of agents', () => {
  it('become chains, one an agent, each call after the one before and its pause', async () => {
    const read = await sessions();
    expect([read.size, read.calls]).toEqual([3, 4]);
    expect(read.plan(0).steps).toMatchObject([
      { model: 'opus', inputTokens: 200, outputTokens: 20, parents: [], pauseMs: 0 },
      { model: 'opus', inputTokens: 300, outputTokens: 30, parents: [0], pauseMs: 12_500 },
    ]);
    expect(read.plan(1).steps).toMatchObject([{ model: 'haiku' }]);
  });

  it('know what each prompt shares with the one before', async () => {
    const read = await sessions();
    const blocks = read.plan(0).steps.map(({ prefixBlocks }) => prefixBlocks?.());
    expect(blocks).toEqual([
      [1, 2, 3],
      [1, 2, 9, 20, 21],
    ]);
    const [first, second] = read.plan(0).steps;
    expect([second?.prefixBlocks?.(), first?.prefixBlocks?.()]).toEqual([blocks[1], blocks[0]]);
  });

  it('share blocks inside of a session, never between sessions or with the same one played again', async () => {
    const read = await sessions();
    const first = (chain: number) => read.plan(chain).steps[0]?.prefixBlocks?.()[0];
    expect(first(1)).toBe(first(0));
    expect(new Set([first(0), first(2), first(3), first(5)]).size).toBe(4);
    expect(read.plan(3).steps.map(({ model }) => model)).toEqual(['opus', 'opus']);
  });

  it('are refused with all that is wrong', async () => {
    const told = (text: readonly string[]) =>
      readAgentSessions({ file: 'agents.csv', lines: [text] }).catch((error: Error) =>
        error.message.split('\n'),
      );
    expect(await told([heading, '1,main,0,opus,x,20,0,1+3,soon'])).toEqual([
      'agents.csv:2: input_tokens: got "x", want a whole number of tokens, 0 or more',
      'agents.csv:2: think_s: got "soon", want a number of s',
    ]);
    expect(await told(['trace,agent'])).toHaveLength(7);
    expect(await told([heading])).toEqual(['agents.csv:2: got "", want at least one call']);
  });
});
