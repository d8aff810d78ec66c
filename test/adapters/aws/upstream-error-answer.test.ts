import { describe, expect, it } from 'vitest';
import {
  retryAfterMs,
  shortName,
  signalOfErrorAnswer,
  statusOf,
} from '#adapters/aws/upstream-error-answer.ts';
import type { UpstreamAnswer } from '#adapters/aws/upstream-exchange.ts';
import { bodyReading } from '#test/builders/upstream-body.ts';

const at = Date.UTC(2026, 10, 21);

function answerOf(status: number, chunks: readonly (string | Error)[], headers: Record<string, string> = {}) {
  const left = [...chunks];
  const seen = { destroyed: false };
  const answer: UpstreamAnswer = {
    status,
    headers,
    body: bodyReading(
      async () => {
        const next = left.shift();
        if (next instanceof Error) throw next;
        return next === undefined ? undefined : Buffer.from(next);
      },
      () => {
        seen.destroyed = true;
      },
    ),
  };
  return { answer, seen };
}

describe('signalOfErrorAnswer', () => {
  it('keeps what arrived of a text that breaks off, and the status', async () => {
    const { answer, seen } = answerOf(503, ['{"message":"unav', new Error('reset')], {
      'x-amzn-errortype': 'ServiceUnavailableException',
    });
    expect(await signalOfErrorAnswer(answer, 'bedrock-runtime', at)).toMatchObject({
      errorName: 'ServiceUnavailableException',
      httpStatus: 503,
      message: '{"message":"unav',
    });
    expect(seen.destroyed).toBe(true);
  });

  it('reads no more of an endless text than an error needs', async () => {
    const { answer, seen } = answerOf(
      500,
      Array.from({ length: 1_000 }, () => 'x'.repeat(10_000)),
    );
    expect((await signalOfErrorAnswer(answer, 'bedrock-runtime', at)).message).toHaveLength(2_000);
    expect(seen.destroyed).toBe(true);
  });

  it("reads SageMaker's spelling of the container's status", async () => {
    const { answer } = answerOf(424, ['{"OriginalStatusCode":500,"Message":"container","ErrorCode":"x"}']);
    expect(await signalOfErrorAnswer(answer, 'sagemaker-runtime', at)).toMatchObject({
      originalStatusCode: 500,
      message: 'container',
    });
  });
});

describe('retryAfterMs', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    ['0.5', 500],
    ['Sat, 21 Nov 2026 00:00:10 GMT', 10_000],
    ['Fri, 20 Nov 2026 00:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %s ms', (value, expected) => {
    expect(retryAfterMs(value, at)).toBe(expected);
  });
});

describe('names and statuses', () => {
  it('are cut to what counts', () => {
    expect(shortName('com.amazonaws#ThrottlingException:http://internal/')).toBe('ThrottlingException');
    expect(shortName('')).toBe('');
    expect([200, 599, 99, 600, '500', 1.5, undefined].map(statusOf)).toEqual(
      [200, 599].concat(Array(5).fill(undefined)),
    );
  });
});
