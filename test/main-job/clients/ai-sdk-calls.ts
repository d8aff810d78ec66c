/** What the AI SDK's suites share: a tool, an object to ask for, and streams and errors read to their end. */
import { APICallError, type streamText, tool } from 'ai';
import * as z from 'zod';
import { failure } from './failure.ts';

export const film = z.object({ title: z.string(), year: z.int() });

export const weather = tool({
  description: 'The weather of a city.',
  inputSchema: z.object({ city: z.string() }),
  execute: () => '12 degrees and rain',
});

/** Of a stream what a plain call answers with. */
export async function readWhole(stream: ReturnType<typeof streamText<{ weather: typeof weather }>>) {
  await stream.consumeStream();
  return { steps: await stream.steps, text: await stream.text };
}

/** The status and our code, as the SDK's own error carries them; anything else that was thrown is thrown. */
export async function refusalOf(call: PromiseLike<unknown>): Promise<readonly [number | undefined, string]> {
  const error = await failure(call);
  if (!APICallError.isInstance(error)) throw error;
  const { statusCode, responseBody } = error;
  return [statusCode, (JSON.parse(responseBody ?? '{}') as { error: { code: string } }).error.code];
}
