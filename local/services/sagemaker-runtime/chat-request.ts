import type { Prompt, Tool, ToolChoice } from '../../world/answers/prompt.ts';
import { isRecord } from '../../world/body-check.ts';
import { conversation } from './chat-conversation.ts';
import type { ContainerBody } from './container-body.ts';
import { ContainerError, misfit } from './container-error.ts';

/** A chat-completions request, read. */
export interface ChatRequest {
  readonly prompt: Prompt;
  readonly model: string | undefined;
  readonly outputTokensMax: number | undefined;
  readonly stopSequences: readonly string[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

const ANY_SCHEMA = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };

/** Reads a chat-completions body, or refuses with 422 what does not fit. */
export function parseChatRequest(body: ContainerBody): ChatRequest {
  const { model, max_tokens, max_completion_tokens, stop, stream = false, stream_options, n = 1 } = body;
  if (model !== undefined && typeof model !== 'string') throw misfit('model', 'a string');
  if (typeof stream !== 'boolean') throw misfit('stream', 'true or false');
  if (n !== 1) throw new ContainerError(400, 'n: only one choice is offered.');
  checkRange(body, 'temperature', 2);
  checkRange(body, 'top_p', 1);
  const outputTokensMax = max_completion_tokens ?? max_tokens ?? undefined;
  if (
    outputTokensMax !== undefined &&
    !(Number.isInteger(outputTokensMax) && (outputTokensMax as number) >= 1)
  ) {
    throw new ContainerError(400, `max_tokens must be at least 1, got ${JSON.stringify(outputTokensMax)}.`);
  }
  const answerSchema = responseSchema(body.response_format);
  return {
    prompt: {
      ...conversation(body.messages),
      tools: tools(body.tools),
      toolChoice: toolChoice(body.tool_choice),
      ...(answerSchema === undefined ? {} : { answerSchema }),
    },
    model,
    outputTokensMax: outputTokensMax as number | undefined,
    stopSequences: stopSequences(stop),
    stream,
    includeUsage: isRecord(stream_options) && stream_options.include_usage === true,
  };
}

function checkRange(body: ContainerBody, name: string, most: number): void {
  const value = body[name] ?? undefined;
  if (value === undefined) return;
  if (typeof value !== 'number') throw misfit(name, 'a number');
  if (!(value >= 0 && value <= most))
    throw new ContainerError(400, `${name} must be in [0, ${most}], got ${value}.`);
}

function tools(list: unknown): readonly Tool[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw misfit('tools', 'a list');
  return list.map((tool: unknown, index) => {
    const definition = isRecord(tool) ? tool.function : undefined;
    if (!isRecord(definition) || typeof definition.name !== 'string') {
      throw misfit(`tools[${index}].function`, 'an object with a name');
    }
    const { name, description, parameters } = definition;
    return { name, description: typeof description === 'string' ? description : '', schema: parameters };
  });
}

function toolChoice(choice: unknown): ToolChoice {
  if (choice === undefined || choice === null || choice === 'auto') return { kind: 'auto' };
  if (choice === 'none') return { kind: 'none' };
  if (choice === 'required') return { kind: 'any' };
  const named = isRecord(choice) && isRecord(choice.function) ? choice.function.name : undefined;
  if (typeof named === 'string') return { kind: 'tool', name: named };
  throw misfit('tool_choice', 'auto, none, required or a function');
}

function stopSequences(stop: unknown): readonly string[] {
  if (stop === undefined || stop === null) return [];
  const list: unknown[] = Array.isArray(stop) ? stop : [stop];
  return list.map((item, index) => {
    if (typeof item !== 'string') throw misfit(`stop[${index}]`, 'a string');
    return item;
  });
}

function responseSchema(format: unknown): unknown {
  if (format === undefined || format === null) return undefined;
  if (!isRecord(format)) throw misfit('response_format', 'an object');
  if (format.type === 'text') return undefined;
  if (format.type === 'json_object') return ANY_SCHEMA;
  const schema = isRecord(format.json_schema) ? format.json_schema.schema : undefined;
  if (format.type === 'json_schema' && isRecord(schema)) return schema;
  throw misfit('response_format', 'text, json_object, or json_schema with a schema');
}
