import { describe, expect, it } from 'vitest';
import { parseTrace } from '#core/capacity-plan/parse-trace.ts';

const columns = { arrival: 'arrival_s', input: 'input_tokens', output: 'output_tokens' };
const parse = (text: string, unit: 'seconds' | 'milliseconds' | 'date' = 'seconds') =>
  parseTrace(text, { columns, unit });

describe('a trace', () => {
  it('is a CSV, in any order of columns, with empty lines and quotes', () => {
    expect(
      parse('\uFEFFoutput_tokens,model,"arrival_s",input_tokens\r\n44,a,0.5,374\r\n\r\n"109",b,4.3,396\r\n'),
    ).toEqual({
      kind: 'calls',
      calls: [
        { atSeconds: 0.5, inputTokens: 374, outputTokens: 44 },
        { atSeconds: 4.3, inputTokens: 396, outputTokens: 109 },
      ],
    });
  });

  it.each([
    ['milliseconds', '4300', 4.3],
    ['date', '2023-11-16 18:15:46.6805900', 1_700_158_546.68],
    ['date', '2023-11-16T19:15:46+01:00', 1_700_158_546],
  ] as const)('has arrivals in %s', (unit, written, atSeconds) => {
    expect(parse(`arrival_s,input_tokens,output_tokens\n${written},1,2`, unit)).toEqual({
      kind: 'calls',
      calls: [{ atSeconds, inputTokens: 1, outputTokens: 2 }],
    });
  });

  it('fails with every violation, by line and column', () => {
    expect(parse('arrival_s,input_tokens,output_tokens\n0,1,x\n1,2,3\nz,-3,1.5\n4')).toEqual({
      kind: 'wrong',
      violations: [
        { place: 'line 2, column output_tokens', message: '"x" must be a whole number from 0 to 100000000' },
        { place: 'line 4, column arrival_s', message: '"z" must be a number of seconds' },
        { place: 'line 4, column input_tokens', message: '"-3" must be a whole number from 0 to 100000000' },
        {
          place: 'line 4, column output_tokens',
          message: '"1.5" must be a whole number from 0 to 100000000',
        },
        { place: 'line 5, column input_tokens', message: '"" must be a whole number from 0 to 100000000' },
        { place: 'line 5, column output_tokens', message: '"" must be a whole number from 0 to 100000000' },
      ],
    });
    expect(parse('arrival_s,input_tokens,output_tokens\nyesterday,1,1', 'date')).toMatchObject({
      violations: [{ message: '"yesterday" must be a date such as 2026-11-21T07:30:00Z' }],
    });
  });

  it('fails without a column, and without a call', () => {
    expect(parse('TIMESTAMP,input_tokens\n')).toEqual({
      kind: 'wrong',
      violations: [
        { place: 'line 1', message: 'has no "arrival_s", "output_tokens"; it has TIMESTAMP, input_tokens' },
      ],
    });
    expect(parse('arrival_s,input_tokens,output_tokens\n\n')).toMatchObject({
      violations: [{ place: 'line 2', message: 'must be a call; the trace has none' }],
    });
  });
});
