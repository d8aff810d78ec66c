import type { FunctionAnswer, FunctionError } from './invocation.ts';
import { RESPONSE_BYTES_MAX } from './limits.ts';

/** What a caller gets who waited. `functionError` is there where the function failed, and the payload says how then. */
export interface InvokeAnswer {
  readonly requestId: string;
  readonly functionError?: 'Unhandled';
  readonly payload: Buffer;
}

/** A streamed answer in one piece; beyond 6 MB it is an error. */
export async function wholeAnswer(answer: FunctionAnswer): Promise<Omit<InvokeAnswer, 'requestId'>> {
  if (answer.kind === 'failed') return failed(answer.error);
  if (answer.kind === 'whole') return { payload: answer.bytes };
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > RESPONSE_BYTES_MAX) {
        answer.body.destroy();
        const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`;
        return failed({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
      }
      chunks.push(chunk);
    }
  } catch {
    // It broke off: `ended` says why.
  }
  const error = await answer.ended;
  return error === undefined ? { payload: Buffer.concat(chunks) } : failed(error);
}

const failed = (error: FunctionError) =>
  ({ functionError: 'Unhandled', payload: Buffer.from(JSON.stringify(error)) }) as const;
