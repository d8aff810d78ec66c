import {
  type InvokeEndpointOutput,
  type InvokeEndpointWithResponseStreamOutput,
  ModelError,
  ModelStreamError,
  type ResponseStream,
} from '@aws-sdk/client-sagemaker-runtime';
import { CopyLost } from '../../world/answers/serving.ts';

/** What SageMaker says of a container that went away inside an answer. */
const GONE = 'Received server error (0) from primary with message "Could not load the entire response body".';

/** A whole answer that a lost copy owes is an error of the model. */
export async function orModelError(answering: Promise<InvokeEndpointOutput>): Promise<InvokeEndpointOutput> {
  try {
    return await answering;
  } catch (error) {
    if (!(error instanceof CopyLost)) throw error;
    throw new ModelError({ message: GONE, Message: GONE, OriginalStatusCode: 0, $metadata: {} });
  }
}

/** An answer in parts breaks off in an event of its own. */
export function orStreamError({
  Body,
  ...head
}: InvokeEndpointWithResponseStreamOutput): InvokeEndpointWithResponseStreamOutput {
  return { ...head, Body: Body === undefined ? undefined : brokenOff(Body) };
}

async function* brokenOff(
  parts: AsyncIterable<ResponseStream>,
): AsyncGenerator<ResponseStream, void, undefined> {
  try {
    yield* parts;
  } catch (error) {
    if (!(error instanceof CopyLost)) throw error;
    throw new ModelStreamError({ message: GONE, ErrorCode: 'ModelInvocationFailed', $metadata: {} });
  }
}
