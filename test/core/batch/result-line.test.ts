import { describe, expect, it } from 'vitest';
import { answeredLine, keptLine, keptResults, unansweredLine } from '#core/batch/result-line.ts';

const name = { batch: 'batch_0af3', number: 12, customId: 'mine "quoted"' };

describe('the result of a line', () => {
  it('is OpenAI’s, with the body as the caller would have got it', () => {
    const body = '{\n "id": "chatcmpl-1", "n": 12345678901234567890\n}';
    const result = answeredLine(3, name, { status: 200, requestId: 'r-1', body });
    expect(result.completed).toBe(true);
    expect(result.json).not.toContain('\n');
    expect(result.json).toContain('12345678901234567890');
    expect(JSON.parse(result.json)).toMatchObject({
      id: 'batch_req_0af3_00012',
      custom_id: 'mine "quoted"',
      response: { status_code: 200, request_id: 'r-1', body: { id: 'chatcmpl-1' } },
      error: null,
    });
  });

  it('of a call that failed belongs to the error file, with the answer', () => {
    const answer = { status: 400, requestId: 'r-2', body: '{"error":{"code":"invalid_request"}}' };
    const result = answeredLine(0, name, answer);
    expect(result.completed).toBe(false);
    expect(JSON.parse(result.json).response).toMatchObject({ status_code: 400 });
  });

  it.each([
    ['expired', 'batch_expired'],
    ['cancelled', 'batch_cancelled'],
    ['gave-up', 'dispatch_failed'],
  ] as const)('of a line that was never answered says that it is %s', (reason, code) => {
    const result = unansweredLine(0, name, reason);
    expect(JSON.parse(result.json)).toMatchObject({ response: null, error: { code } });
    expect(result.expired).toBe(reason === 'expired');
  });

  it('is the same after it was kept, and half a line is none', () => {
    const results = [
      answeredLine(0, name, { status: 200, requestId: 'r', body: '{}' }),
      unansweredLine(1, name, 'expired'),
      unansweredLine(2, name, 'cancelled'),
    ];
    const text = results.map(keptLine).join('');
    expect(keptResults(text)).toEqual(results);
    expect(keptResults(text.slice(0, -10))).toEqual(results.slice(0, 2));
  });
});
