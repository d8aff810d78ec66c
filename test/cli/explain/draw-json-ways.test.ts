import { describe, expect, it } from 'vitest';
import { drawJsonWays } from '#cli/explain/draw-json-ways.ts';
import type { Explanation } from '#contract/http.ts';

const explanation: Explanation = {
  decision: 'routed',
  residency: 'us',
  from: 'us-east-1',
  plan: ['a', 'b', 'c', 'd'],
  removed: [],
  scored: [],
  route: { model: 'chat-small', residency: 'us', version: 1, source: 'table' },
  at: '2026-11-21T07:30:00.000Z',
};
const draw = (jsonBy: Explanation['jsonBy'], placesMax = 10) =>
  drawJsonWays({ explanation: { ...explanation, jsonBy }, placesMax, width: 80, paint: (_, text) => text });

describe('how JSON is made', () => {
  it('is told by the places of the plan, once for each way and reason', () => {
    const jsonBy: Explanation['jsonBy'] = [
      { target: 'a', way: 'native' },
      { target: 'b', way: 'tool', because: 'schema-compiling' },
      { target: 'c', way: 'native' },
      { target: 'd', way: 'tool' },
    ];
    expect(draw(jsonBy)).toEqual([
      'JSON is made by',
      '  structured outputs (1, 3)',
      '  a tool that must be called: the schema is still being compiled (2)',
      '  a tool that must be called (4)',
    ]);
    expect(draw(jsonBy, 1)).toEqual(['JSON is made by', '  structured outputs (1)']);
  });

  it('is not told of a call that asks for none', () => {
    expect(draw(undefined)).toEqual([]);
  });
});
