/**
 * A JSON answer on models that have no JSON mode, or none that fits: the caller's schema becomes a tool that the model must call, and
 * the tool's input becomes the answer's text. Two pure steps around one call.
 */
import type { ChatRequest, ToolSpecification } from './chat-request.ts';
import type { ModelEvent } from './model-event.ts';

export interface JsonToolCall {
  readonly request: ChatRequest;
  /** Name of the added tool; undefined when the request asks for no JSON. */
  readonly jsonTool: string | undefined;
}

const BASE_NAME = 'answer_in_json';

/**
 * The request as such a model takes it. A caller's own tools stay callable: then the model must call one of them or
 * the added one. A caller that forces a tool of its own gets that tool, and no JSON beside it.
 *
 * @param namesTools the model can be made to call one tool by name; else it must call any, where there is but the one
 */
export function withJsonTool(request: ChatRequest, namesTools = true): JsonToolCall {
  const { responseFormat: format, ...rest } = request;
  if (format === undefined) return { request, jsonTool: undefined };
  if (request.tools?.choice.kind === 'tool') return { request: rest, jsonTool: undefined };
  const own = request.tools?.specifications ?? [];
  const jsonTool = freeName(own);
  const specification: ToolSpecification = {
    name: jsonTool,
    description: descriptionOf(format),
    inputSchema: format.kind === 'json-schema' ? format.schema : { type: 'object' },
  };
  const named = request.tools?.choice.kind === 'none' || (own.length === 0 && namesTools);
  const choice = named ? ({ kind: 'tool', name: jsonTool } as const) : ({ kind: 'any' } as const);
  return { request: { ...rest, tools: { specifications: [...own, specification], choice } }, jsonTool };
}

function descriptionOf(format: NonNullable<ChatRequest['responseFormat']>): string {
  const call = 'Gives the final answer. Call it exactly once, with the whole answer as its input.';
  const purpose = format.kind === 'json-schema' ? format.description : undefined;
  return purpose === undefined ? call : `${call} ${purpose}`;
}

function freeName(own: readonly ToolSpecification[]): string {
  let name = BASE_NAME;
  while (own.some((tool) => tool.name === name)) name += '_';
  return name;
}

export interface JsonToolState {
  readonly jsonTool: string | undefined;
  /** Block of the added tool, once it began. */
  readonly block: number | undefined;
  readonly otherToolCalled: boolean;
  /** Text before a tool call is talk about the answer: shown only if no JSON answer follows. */
  readonly held: readonly ModelEvent[];
}

export function jsonToolState(jsonTool: string | undefined): JsonToolState {
  return { jsonTool, block: undefined, otherToolCalled: false, held: [] };
}

/** Gives the events as if the model had a JSON mode. Holds at most the text that precedes the tool call. */
export function unwrapJsonTool(
  state: JsonToolState,
  event: ModelEvent,
): { readonly state: JsonToolState; readonly events: readonly ModelEvent[] } {
  if (state.jsonTool === undefined) return { state, events: [event] };
  switch (event.type) {
    case 'text-delta':
      return state.block !== undefined || state.otherToolCalled
        ? { state, events: [] }
        : { state: { ...state, held: [...state.held, event] }, events: [] };
    case 'tool-use-start':
      return event.name === state.jsonTool && state.block === undefined
        ? { state: { ...state, block: event.index, held: [] }, events: [] }
        : { state: { ...state, otherToolCalled: true, held: [] }, events: [...state.held, event] };
    case 'tool-use-delta':
      return event.index === state.block
        ? { state, events: [{ type: 'text-delta', index: event.index, text: event.inputJson }] }
        : { state, events: [event] };
    case 'message-stop':
      return {
        state: { ...state, held: [] },
        events: [...state.held, { ...event, stopReason: stopReasonOf(state, event) }],
      };
    default:
      return { state, events: [event] };
  }
}

function stopReasonOf(state: JsonToolState, event: ModelEvent & { type: 'message-stop' }) {
  const answered = state.block !== undefined && !state.otherToolCalled;
  return answered && event.stopReason === 'tool_use' ? 'end_turn' : event.stopReason;
}
