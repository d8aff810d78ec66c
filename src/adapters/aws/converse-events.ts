/** Bedrock's Converse and ConverseStream answers as canonical events. Pure: bytes and sockets are the invoker's. */
import type { BedrockReport, ModelEvent, StopReason, Usage } from '#core/chat/model-event.ts';
import { isMalformed, stopReasonOfBedrock } from '#core/wire/stop-reasons.ts';
import {
  arrayIn,
  countIn,
  type JsonObject,
  MalformedAnswer,
  objectIn,
  optionalCount,
  optionalObject,
  optionalString,
  stringIn,
} from './answer-reader.ts';

/**
 * One event of the stream. An event type that AWS adds later says nothing we could pass on and is skipped.
 *
 * @throws MalformedAnswer when a known event lacks what it must have
 */
export function eventsOfConverseFrame(eventType: string, payload: JsonObject): readonly ModelEvent[] {
  switch (eventType) {
    case 'messageStart':
      return [{ type: 'message-start' }];
    case 'contentBlockStart':
      return blockStart(payload);
    case 'contentBlockDelta':
      return blockDelta(payload);
    case 'contentBlockStop':
      return [{ type: 'block-stop', index: indexOf(payload) }];
    case 'messageStop':
      return [messageStop(payload)];
    case 'metadata':
      return [usageEvent(payload)];
    default:
      return [];
  }
}

/**
 * A delta of text as AWS writes most of them: without escapes, with or without padding. By its shape it is read in a third
 * of the time that it takes as JSON, and most of a stream are such deltas.
 */
const plainTextDelta =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in a text
  /^\{"contentBlockIndex":(0|[1-9]\d{0,5}),"delta":\{"text":"([^"\\\u0000-\u001f]*)"\}(?:,"p":"[a-zA-Z0-9]*")?\}$/;

/** The event of a `contentBlockDelta` that is written so; undefined where its payload is to be read as JSON. */
export function readPlainTextDelta(payload: string): ModelEvent | undefined {
  // By the shape alone, and cut where it says: a list of what was found costs as much again.
  if (!plainTextDelta.test(payload)) return undefined;
  const comma = payload.indexOf(',', INDEX_AT);
  const textAt = comma + TEXT_BEHIND_INDEX.length;
  const text = payload.slice(textAt, payload.indexOf('"', textAt));
  return { type: 'text-delta', index: Number(payload.slice(INDEX_AT, comma)), text };
}

const INDEX_AT = '{"contentBlockIndex":'.length;
const TEXT_BEHIND_INDEX = ',"delta":{"text":"';

/**
 * AWS's word for an answer that the model itself spoiled. LangChain tells it as an error, and AWS itself answers Nova's
 * invalid calls of tools with ModelErrorException: another target may do better, and no other format has such an end.
 *
 * @throws MalformedAnswer
 */
export function refuseMalformedStop(event: ModelEvent): void {
  if (event.type === 'message-stop' && isMalformed(event.stopReason))
    throw new MalformedAnswer(`the model spoiled its answer: stopReason is ${event.stopReason}`);
}

/** A plain Converse answer as the events that its stream would have had. */
export function eventsOfConverseAnswer(answer: JsonObject): readonly ModelEvent[] {
  const message = objectIn(objectIn(answer.output, 'output').message, 'output.message');
  const blocks = arrayIn(message.content, 'output.message.content');
  return [
    { type: 'message-start' },
    ...blocks.flatMap((block, index) =>
      blockEvents(objectIn(block, `output.message.content.${index}`), index),
    ),
    messageStop(answer),
    usageEvent(answer),
  ];
}

function blockEvents(block: JsonObject, index: number): readonly ModelEvent[] {
  const stop: ModelEvent = { type: 'block-stop', index };
  const text = optionalString(block.text, 'text');
  if (text !== undefined) return [{ type: 'text-delta', index, text }, stop];
  const cited = optionalObject(block.citationsContent, 'citationsContent');
  if (cited !== undefined) return [...citedEvents(cited, index), stop];
  const toolUse = optionalObject(block.toolUse, 'toolUse');
  if (toolUse !== undefined) {
    const inputJson = JSON.stringify(toolUse.input ?? {});
    return [toolUseStart(toolUse, index), { type: 'tool-use-delta', index, inputJson }, stop];
  }
  const reasoning = optionalObject(block.reasoningContent, 'reasoningContent');
  const events = reasoning === undefined ? [] : reasoningEvents(reasoning, index);
  return events.length === 0 ? [] : [...events, stop];
}

/** A text with its sources: the text, then each of them, as a stream tells it. */
function citedEvents({ content, citations }: JsonObject, index: number): readonly ModelEvent[] {
  const texts = arrayIn(content ?? [], 'citationsContent.content').map((part) =>
    stringIn(objectIn(part, 'citationsContent.content').text, 'citationsContent.content.text'),
  );
  const sources = arrayIn(citations ?? [], 'citationsContent.citations');
  return [
    ...texts.map((text): ModelEvent => ({ type: 'text-delta', index, text })),
    ...sources.map(
      (source): ModelEvent => ({ type: 'citation', index, citation: objectIn(source, 'citation') }),
    ),
  ];
}

function reasoningEvents(reasoning: JsonObject, index: number): readonly ModelEvent[] {
  const dataBase64 = optionalString(reasoning.redactedContent, 'reasoningContent.redactedContent');
  if (dataBase64 !== undefined) return [{ type: 'reasoning-redacted', index, dataBase64 }];
  const reasoningText = optionalObject(reasoning.reasoningText, 'reasoningText');
  if (reasoningText === undefined) return [];
  const signature = optionalString(reasoningText.signature, 'reasoningText.signature');
  const text = stringIn(reasoningText.text, 'reasoningText.text');
  return [
    { type: 'reasoning-delta', index, text },
    ...(signature === undefined ? [] : [{ type: 'reasoning-signature', index, signature } as const]),
  ];
}

function messageStop(payload: JsonObject): ModelEvent {
  const stopReason = stopReasonOf(payload.stopReason);
  const additionalModelResponseFields = payload.additionalModelResponseFields ?? undefined;
  return {
    type: 'message-stop',
    stopReason,
    ...(additionalModelResponseFields === undefined ? {} : { additionalModelResponseFields }),
  };
}

function blockStart(payload: JsonObject): readonly ModelEvent[] {
  const start = optionalObject(payload.start, 'contentBlockStart.start');
  const toolUse = optionalObject(start?.toolUse, 'contentBlockStart.start.toolUse');
  return toolUse === undefined ? [] : [toolUseStart(toolUse, indexOf(payload))];
}

function toolUseStart(toolUse: JsonObject, index: number): ModelEvent {
  const toolUseId = stringIn(toolUse.toolUseId, 'toolUse.toolUseId');
  return { type: 'tool-use-start', index, toolUseId, name: stringIn(toolUse.name, 'toolUse.name') };
}

function blockDelta(payload: JsonObject): readonly ModelEvent[] {
  const index = indexOf(payload);
  const delta = objectIn(payload.delta, 'contentBlockDelta.delta');
  const text = optionalString(delta.text, 'delta.text');
  if (text !== undefined) return [{ type: 'text-delta', index, text }];
  const toolUse = optionalObject(delta.toolUse, 'delta.toolUse');
  if (toolUse !== undefined) {
    return [{ type: 'tool-use-delta', index, inputJson: stringIn(toolUse.input, 'delta.toolUse.input') }];
  }
  const citation = optionalObject(delta.citation, 'delta.citation');
  if (citation !== undefined) return [{ type: 'citation', index, citation }];
  const reasoning = optionalObject(delta.reasoningContent, 'delta.reasoningContent');
  return reasoning === undefined ? [] : reasoningDelta(reasoning, index);
}

function reasoningDelta(reasoning: JsonObject, index: number): readonly ModelEvent[] {
  const text = optionalString(reasoning.text, 'delta.reasoningContent.text');
  if (text !== undefined) return [{ type: 'reasoning-delta', index, text }];
  const signature = optionalString(reasoning.signature, 'delta.reasoningContent.signature');
  if (signature !== undefined) return [{ type: 'reasoning-signature', index, signature }];
  const dataBase64 = optionalString(reasoning.redactedContent, 'delta.reasoningContent.redactedContent');
  return dataBase64 === undefined ? [] : [{ type: 'reasoning-redacted', index, dataBase64 }];
}

function indexOf(payload: JsonObject): number {
  return optionalCount(payload.contentBlockIndex, 'contentBlockIndex') ?? 0;
}

/** A reason that AWS adds later still means that the model stopped by itself. */
function stopReasonOf(value: unknown): StopReason {
  return stopReasonOfBedrock(stringIn(value, 'stopReason')) ?? 'end_turn';
}

function usageEvent(payload: JsonObject): ModelEvent {
  const bedrock = reportOf(payload);
  return { type: 'usage', usage: usageOf(payload.usage), ...(bedrock === undefined ? {} : { bedrock }) };
}

function reportOf(payload: JsonObject): BedrockReport | undefined {
  const serviceTier = optionalString(optionalObject(payload.serviceTier, 'serviceTier')?.type, 'serviceTier');
  const performance = optionalObject(payload.performanceConfig, 'performanceConfig');
  const performanceLatency = optionalString(performance?.latency, 'performanceConfig.latency');
  const trace = optionalObject(payload.trace, 'trace');
  const report = {
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(performanceLatency === undefined ? {} : { performanceLatency }),
    ...(trace === undefined ? {} : { trace }),
  };
  return Object.keys(report).length === 0 ? undefined : report;
}

function usageOf(value: unknown): Usage {
  const usage = objectIn(value, 'usage');
  return {
    inputTokens: countIn(usage.inputTokens, 'usage.inputTokens'),
    outputTokens: countIn(usage.outputTokens, 'usage.outputTokens'),
    cacheReadInputTokens: optionalCount(usage.cacheReadInputTokens, 'usage.cacheReadInputTokens'),
    cacheWriteInputTokens: optionalCount(usage.cacheWriteInputTokens, 'usage.cacheWriteInputTokens'),
  };
}
