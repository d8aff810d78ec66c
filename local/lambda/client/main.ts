/**
 * A runtime client without native parts: loads the handler, asks the Runtime API for invocations one by one and tells
 * it the answers, as AWS's own client (aws-lambda-ric) does. A test holds both against each other.
 */
import { contextOf } from './context-of.ts';
import { errorBody, namedError } from './error-body.ts';
import { installGlobal } from './install-global.ts';
import { loadHandler } from './load-handler.ts';
import { RuntimeClient } from './runtime-client.ts';
import { answerStreaming } from './streaming-handler.ts';

const client = new RuntimeClient(process.env.AWS_LAMBDA_RUNTIME_API ?? '');
installGlobal();

const loaded = await loadHandler(process.env.LAMBDA_TASK_ROOT ?? '', process.env._HANDLER ?? '').catch(
  async (error: unknown) => {
    process.stderr.write(`Init Error ${JSON.stringify(errorBody(error))}\n`);
    await client.postError('init/error', error);
    throw error;
  },
);

for (;;) {
  const { event, headers } = await client.next();
  const context = contextOf(headers);
  if (loaded.isStreaming) {
    await answerStreaming(client, loaded.handler, { event, context });
    continue;
  }
  try {
    const result = await loaded.handler(event, context);
    await client.postAnswer(context.awsRequestId, asJson(result));
  } catch (error) {
    process.stderr.write(`Invoke Error ${JSON.stringify(errorBody(error))}\n`);
    await client.postError(`invocation/${context.awsRequestId}/error`, error);
  }
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value === undefined ? null : value);
  } catch {
    throw namedError('Runtime.JSONStringifyError', 'Unable to stringify response body');
  }
}
