import {
  type InvokeEndpointInput,
  type InvokeEndpointOutput,
  type InvokeEndpointWithResponseStreamInput,
  type InvokeEndpointWithResponseStreamOutput,
  ModelError,
  type ResponseStream,
} from '@aws-sdk/client-sagemaker-runtime';
import { EMBEDDING_ENGINE } from '#serving-model/engine.ts';
import type { CallContext } from '../../service.ts';
import { answerPrompt } from '../../world/answers/answer.ts';
import { hashId } from '../../world/answers/hash.ts';
import { countPromptTokens } from '../../world/answers/prompt.ts';
import type { Chunk, Service, Serving } from '../../world/answers/serving.ts';
import type { Fleet } from '../sagemaker/fleet.ts';
import { type ChatFacts, chatCompletion, chatEvents } from './chat-answer.ts';
import { parseChatRequest } from './chat-request.ts';
import { type ContainerBody, checkModel, parseContainerBody } from './container-body.ts';
import { ContainerError, TgiError } from './container-error.ts';
import { cutParts } from './cut-parts.ts';
import { embeddings, meansEmbeddings } from './embeddings.ts';
import { type Container, findContainer } from './find-container.ts';
import { tgiAnswer, tgiEvents, tgiRefusal } from './tgi-answer.ts';
import { meansTgi, parseTgiRequest } from './tgi-request.ts';

interface Runtime {
  readonly fleet: Fleet;
  readonly serving: Serving;
}

/** What the container does with a request, and how it writes what comes of it. */
interface Job {
  readonly stream: boolean;
  readonly container: Container;
  readonly service: Service;
  whole(): unknown;
  events(chunks: AsyncIterable<Chunk>): AsyncIterable<string>;
}

/** Output tokens of a request that asks for no limit. */
const OUTPUT_TOKENS_DEFAULT = 4_096;

/** The container's answer in one piece; a streaming request comes back as all of its events. */
export async function invokeEndpoint(
  runtime: Runtime,
  input: InvokeEndpointInput,
  context: CallContext,
): Promise<InvokeEndpointOutput> {
  const container = findContainer(runtime.fleet, input, context);
  const asked = refusingAs(input, context, () => parseContainerBody(input.Body));
  if (meansEmbeddings(asked)) {
    const answer = refusingAs(input, context, () => embeddings(asked, container));
    await runtime.serving.complete({
      ...container,
      inputTokens: answer.usage.prompt_tokens,
      answer: { blocks: [], stopReason: 'end_turn', outputTokens: 0 },
      engine: EMBEDDING_ENGINE,
      signal: context.signal,
    });
    return { Body: new TextEncoder().encode(JSON.stringify(answer)), ...answerHead({ container }, input) };
  }
  const job = refusingAs(input, context, () => prepare(asked, container, context));
  let body = '';
  if (job.stream) for await (const event of events(runtime.serving, job)) body += event;
  else body = await wholeAnswer(runtime.serving, job);
  return { Body: new TextEncoder().encode(body), ...answerHead(job, input) };
}

/** The container's answer as it comes, cut into parts that know nothing of lines. */
export function invokeEndpointWithResponseStream(
  runtime: Runtime,
  input: InvokeEndpointWithResponseStreamInput,
  context: CallContext,
): InvokeEndpointWithResponseStreamOutput {
  const container = findContainer(runtime.fleet, input, context);
  const asked = refusingAs(input, context, () => parseContainerBody(input.Body));
  const job = refusingAs(input, context, () => prepareStream(asked, container, context));
  if (job instanceof TgiError)
    return { Body: payloadParts(tgiRefusal(job)), ...answerHead({ stream: true, container }, input) };
  const texts = job.stream ? events(runtime.serving, job) : once(wholeAnswer(runtime.serving, job));
  return { Body: payloadParts(texts), ...answerHead(job, input) };
}

/** Runs what the container does; its own refusals come out as SageMaker wraps them. */
function refusingAs<Result>(input: InvokeEndpointInput, context: CallContext, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof ContainerError ? modelError(error, input, context) : error;
  }
}

/** TGI answers a request for a stream with 200 before it looks at it: what it refuses is told in the stream. */
function prepareStream(body: ContainerBody, container: Container, context: CallContext): Job | TgiError {
  try {
    return prepare(body, container, context);
  } catch (error) {
    if (error instanceof TgiError && body.stream === true) return error;
    throw error;
  }
}

function prepare(body: ContainerBody, container: Container, context: CallContext): Job {
  return container.isTgi && meansTgi(body)
    ? prepareTgi(body, container, context)
    : prepareChat(body, container, context);
}

function prepareChat(body: ContainerBody, container: Container, context: CallContext): Job {
  const request = parseChatRequest(body);
  const { servedModel, contextTokensMax, label } = container;
  checkModel(request.model, servedModel);
  const inputTokens = countPromptTokens(request.prompt);
  const room = contextTokensMax === undefined ? undefined : contextTokensMax - inputTokens;
  if (room !== undefined && room < (request.outputTokensMax ?? 1)) {
    throw new ContainerError(
      400,
      `This model's maximum context length is ${contextTokensMax} tokens. However, you requested ${inputTokens + (request.outputTokensMax ?? 1)} tokens (${inputTokens} in the messages).`,
    );
  }
  const answer = answerPrompt({
    prompt: request.prompt,
    model: label,
    region: context.region,
    outputTokensMax: request.outputTokensMax ?? room ?? OUTPUT_TOKENS_DEFAULT,
    stopSequences: request.stopSequences,
  });
  const facts: ChatFacts = {
    id: `chatcmpl-${hashId(context.requestId)}`,
    model: request.model ?? label,
    created: Math.floor(Date.now() / 1_000),
    inputTokens,
    includeUsage: request.includeUsage,
  };
  return {
    stream: request.stream,
    container,
    service: { ...container, inputTokens, answer, signal: context.signal },
    whole: () => chatCompletion(answer, facts),
    events: (chunks) => chatEvents(chunks, answer, facts),
  };
}

function prepareTgi(body: ContainerBody, container: Container, context: CallContext): Job {
  const stream = body.stream === true;
  const request = parseTgiRequest(body, { contextTokensMax: container.contextTokensMax, stream });
  const { prompt, inputTokens, outputTokensMax, stopSequences } = request;
  const { label: model } = container;
  const answer = answerPrompt({ prompt, model, region: context.region, outputTokensMax, stopSequences });
  return {
    stream,
    container,
    service: { ...container, inputTokens, answer, signal: context.signal },
    whole: () => tgiAnswer(answer, request),
    events: (chunks) => tgiEvents(chunks, answer, request),
  };
}

async function wholeAnswer(serving: Serving, { service, whole }: Job): Promise<string> {
  await serving.complete(service);
  return JSON.stringify(whole());
}

function events(serving: Serving, job: Job): AsyncIterable<string> {
  return job.events(serving.stream(job.service));
}

async function* once(text: Promise<string>): AsyncGenerator<string, void, undefined> {
  yield await text;
}

async function* payloadParts(texts: AsyncIterable<string>): AsyncGenerator<ResponseStream, void, undefined> {
  for await (const Bytes of cutParts(texts)) yield { PayloadPart: { Bytes } };
}

function answerHead(
  { stream, container }: { readonly stream?: boolean; readonly container: Container },
  input: InvokeEndpointInput,
) {
  return {
    ContentType: stream ? 'text/event-stream' : 'application/json',
    InvokedProductionVariant: container.variantName,
    ...(input.CustomAttributes === undefined ? {} : { CustomAttributes: input.CustomAttributes }),
  };
}

/** An error of the container, wrapped as SageMaker wraps it. */
function modelError(error: ContainerError, input: InvokeEndpointInput, context: CallContext): ModelError {
  const { status, body } = error;
  const original = JSON.stringify(body);
  const message = `Received client error (${status}) from primary with message "${original}". See the CloudWatch log group /aws/sagemaker/Endpoints/${input.EndpointName} in account ${context.account} for more information.`;
  return new ModelError({
    message,
    Message: message,
    OriginalStatusCode: status,
    OriginalMessage: original,
    LogStreamArn: `arn:aws:logs:${context.region}:${context.account}:log-group:/aws/sagemaker/Endpoints/${input.EndpointName}`,
    $metadata: {},
  });
}
