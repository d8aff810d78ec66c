import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import { EventStreamError } from '#adapters/aws/event-stream-decoder.ts';
import type { UpstreamAnswer } from '#adapters/aws/upstream-exchange.ts';
import { asUpstreamFailure, eventFrames, readWholeText } from '#adapters/aws/upstream-stream.ts';
import { eventFrame, exceptionFrame } from '#test/builders/event-stream-frame.ts';
import { signalOf } from '#test/builders/model-call.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

function answerOf(...chunks: readonly Buffer[]) {
  const left = [...chunks];
  const seen = { destroyed: false };
  const answer: UpstreamAnswer = {
    status: 200,
    headers: {},
    body: {
      read: async () => left.shift(),
      destroy: () => {
        seen.destroyed = true;
      },
    },
  };
  return { answer, seen };
}

async function typesOf(answer: UpstreamAnswer): Promise<readonly (string | undefined)[]> {
  const types = [];
  for await (const frame of eventFrames(answer, 'bedrock-runtime')) types.push(frame.headers[':event-type']);
  return types;
}

describe('eventFrames', () => {
  it('gives the frames in order and lets the socket go', async () => {
    const { answer, seen } = answerOf(
      Buffer.concat([eventFrame('a', {}), eventFrame('b', {})]),
      eventFrame('c', {}),
    );
    expect(await typesOf(answer)).toEqual(['a', 'b', 'c']);
    expect(seen.destroyed).toBe(true);
  });

  it('lets the socket go when the reader stops', async () => {
    const { answer, seen } = answerOf(eventFrame('a', {}), eventFrame('b', {}));
    for await (const _frame of eventFrames(answer, 'bedrock-runtime')) break;
    expect(seen.destroyed).toBe(true);
  });

  it('ends with the exception that a frame carries, and lets the socket go', async () => {
    const { answer, seen } = answerOf(
      exceptionFrame('validationException', { message: 'no' }),
      eventFrame('a', {}),
    );
    expect(await signalOf(typesOf(answer))).toMatchObject({
      errorName: 'ValidationException',
      message: 'no',
    });
    expect(seen.destroyed).toBe(true);
  });

  it('takes a text that is not JSON for the message of an exception', async () => {
    const frame = exceptionFrame('internalServerException', 'just words');
    expect((await signalOf(typesOf(answerOf(frame).answer))).message).toBe('"just words"');
  });
});

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
