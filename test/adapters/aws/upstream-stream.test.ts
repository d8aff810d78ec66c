import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import { EventStreamError } from '#adapters/aws/event-stream-decoder.ts';
import { asUpstreamFailure, readWholeText } from '#adapters/aws/upstream-stream.ts';
import { answerOf } from '#test/builders/upstream-body.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

describe('readWholeText', () => {
  it('joins the chunks, and refuses more than its bound', async () => {
    const text = 'grün';
    const bytes = Buffer.from(text);
    const { answer } = answerOf(bytes.subarray(0, 3), bytes.subarray(3));
    expect(await readWholeText(answer.body, 100)).toBe(text);
    const { answer: large, seen } = answerOf(Buffer.alloc(60), Buffer.alloc(60));
    await expect(readWholeText(large.body, 100)).rejects.toThrow(MalformedAnswer);
    expect(seen.destroyed).toBe(true);
  });
});

describe('asUpstreamFailure', () => {
  it('names what cannot be read malformed, and leaves the rest as it is', () => {
    for (const error of [new MalformedAnswer('x'), new EventStreamError('x')]) {
      const failure = asUpstreamFailure(error, 'sagemaker-runtime');
      expect(failure).toBeInstanceOf(UpstreamFailure);
      expect((failure as UpstreamFailure).signal).toMatchObject({
        kind: 'malformed',
        service: 'sagemaker-runtime',
      });
    }
    const reason = new Error('the caller has gone');
    expect(asUpstreamFailure(reason, 'bedrock-runtime')).toBe(reason);
  });
});
