import { type AnswerBlock, type ChatAnswer, emptyAnswer, foldEvent } from '../../chat/fold-events.ts';
import type { ModelEvent, Usage } from '../../chat/model-event.ts';
import type { interruptedStream } from '../openai/interrupted-stream.ts';
import { addedFrames, deltaFrames, doneFrames, type Frame } from './item-frames.ts';
import { outputItem, outputItemId } from './output-item.ts';
import {
  endedState,
  type ResponseEcho,
  type ResponseIdentity,
  type ResponseState,
  responseObject,
  usageOf,
} from './response-object.ts';

export type NumberedFrame = Frame & { readonly sequence_number: number };

/** What a stream's translation remembers between two events. */
export interface ResponseStreamState {
  readonly identity: ResponseIdentity;
  readonly echo: ResponseEcho;
  /** What was shown so far, as a plain answer would have it. */
  readonly answer: ChatAnswer;
  readonly nextNumber: number;
  /** Places in the output of the items whose end was told, and of those whose end the target gave and is not told yet. */
  readonly closed: ReadonlySet<number>;
  readonly stopped: ReadonlySet<number>;
}

export interface ResponseStreamStep {
  readonly state: ResponseStreamState;
  readonly frames: readonly NumberedFrame[];
}

export function startResponseStream(identity: ResponseIdentity, echo: ResponseEcho): ResponseStreamState {
  return { identity, echo, answer: emptyAnswer, nextNumber: 0, closed: new Set(), stopped: new Set() };
}

/**
 * The frames that one event of the target becomes. The response is announced with its first content, and an item's
 * end is told once the next one begins or all have ended: until then nobody knows whether it was cut short.
 */
export function stepResponseStream(state: ResponseStreamState, event: ModelEvent): ResponseStreamStep {
  if (event.type === 'block-stop') return { state: withStop(state, event.index), frames: [] };
  const { blocks } = state.answer;
  const answer = foldEvent(state.answer, event);
  const place = answer.blocks.findLastIndex((block, index) => block !== blocks[index]);
  const block = answer.blocks[place];
  if (block === undefined) return { state: { ...state, answer }, frames: [] };
  const id = outputItemId(state.identity.requestId, block.kind, place);
  const known = place < blocks.length;
  const closing = known ? [] : [...state.stopped].filter((index) => !state.closed.has(index));
  const begun = known
    ? []
    : [
        ...announcement(state),
        ...closing.flatMap((index) => closeFrames(state, index, 'completed')),
        ...addedFrames(block, id, place),
      ];
  const closed = without(closing.length === 0 ? state.closed : new Set([...state.closed, ...closing]), place);
  const stopped = without(state.stopped, place);
  return numbered({ ...state, answer, closed, stopped }, [...begun, ...deltaFrames(event, id, place)]);
}

/** The frames that end a stream that ended well. */
export function endResponseStream(state: ResponseStreamState): readonly NumberedFrame[] {
  const ended = endedState(state.identity, state.answer);
  const type = ended.status === 'completed' ? 'response.completed' : 'response.incomplete';
  const last = state.answer.blocks.length - 1;
  const open = state.answer.blocks.flatMap((_, place) => (state.closed.has(place) ? [] : [place]));
  const frames = [
    ...announcement(state),
    ...open.flatMap((place) =>
      closeFrames(state, place, place === last && ended.status === 'incomplete' ? 'incomplete' : 'completed'),
    ),
    { type, response: responseObject(state.identity, state.echo, ended) },
  ];
  return numbered(state, frames).frames;
}

/** Ends a broken stream: the error, and the response as far as it came. Neither complete nor incomplete was said of it. */
export function failResponseStream(
  state: ResponseStreamState,
  failure: ReturnType<typeof interruptedStream>,
  usage: Usage | undefined,
): readonly NumberedFrame[] {
  const { error } = failure;
  const { code, message, param } = error;
  const { blocks } = state.answer;
  const failed: ResponseState = {
    status: 'failed',
    incomplete_details: null,
    error: { code: 'server_error', message },
    output: blocks.map((block, place) => {
      const id = outputItemId(state.identity.requestId, block.kind, place);
      return outputItem(block, id, state.closed.has(place) ? 'completed' : 'incomplete');
    }),
    usage: usageOf(blocks, usage),
  };
  const frames = [
    ...announcement(state),
    // As OpenAI documents it, and with the member that it sends: its client of 2025 throws for nothing else.
    { type: 'error', code, message, param, error, usage: failed.usage ?? failure.usage },
    { type: 'response.failed', response: responseObject(state.identity, state.echo, failed) },
  ];
  return numbered(state, frames).frames;
}

/** Nothing, once it was made. */
function announcement(state: ResponseStreamState): readonly Frame[] {
  if (state.nextNumber > 0) return [];
  const begun: ResponseState = {
    status: 'in_progress',
    incomplete_details: null,
    error: null,
    output: [],
    usage: null,
  };
  const response = responseObject(state.identity, state.echo, begun);
  return [
    { type: 'response.created', response },
    { type: 'response.in_progress', response },
  ];
}

function closeFrames(
  { identity, answer }: ResponseStreamState,
  place: number,
  status: 'completed' | 'incomplete',
): readonly Frame[] {
  const block = answer.blocks[place];
  if (block === undefined) return [];
  const id = outputItemId(identity.requestId, block.kind, place);
  return doneFrames(block, { id, place, status });
}

/** The same set where it lacks the place: most events are deltas, and change nothing here. */
function without(places: ReadonlySet<number>, place: number): ReadonlySet<number> {
  return places.has(place) ? new Set([...places].filter((each) => each !== place)) : places;
}

/** The end of a block that never began is none. */
function withStop(state: ResponseStreamState, index: number): ResponseStreamState {
  const place = state.answer.blocks.findLastIndex((block: AnswerBlock) => block.index === index);
  return place < 0 ? state : { ...state, stopped: new Set([...state.stopped, place]) };
}

function numbered(state: ResponseStreamState, frames: readonly Frame[]): ResponseStreamStep {
  const { nextNumber } = state;
  return {
    state: { ...state, nextNumber: nextNumber + frames.length },
    frames: frames.map((frame, index) => ({ ...frame, sequence_number: nextNumber + index })),
  };
}
