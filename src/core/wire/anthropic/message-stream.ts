import { isContent, type ModelEvent, type Usage } from '../../chat/model-event.ts';
import { anthropicCitation } from './citations.ts';
import { type MessageIdentity, messageHead, modelItself } from './message.ts';
import { anthropicStop, noStopYet, type ToldStop } from './stop-reason.ts';
import { anthropicUsage, noUsageYet } from './usage.ts';

/** One event of the stream: its type is the name of the server-sent event too. */
export type AnthropicEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A block that began and has not stopped. */
interface OpenBlock {
  /** The target's number of it. */
  readonly target: number;
  /** Ours: blocks count from 0 in the order in which they begin. */
  readonly index: number;
  readonly kind: 'text' | 'thinking' | 'tool_use';
  /** Told once, at the end of its thought: clients keep the last that they hear. */
  readonly signature: string;
}

/** What a stream's translation remembers between two events. */
export interface AnthropicStreamState {
  readonly identity: MessageIdentity;
  readonly started: boolean;
  readonly open: readonly OpenBlock[];
  readonly blocksBegun: number;
  /** Events with content: about one token each. */
  readonly deltas: number;
  /** Kept until the stream has ended well: a stop reason must not stand before an error. */
  readonly stop: ToldStop | undefined;
  readonly usage: Usage | undefined;
}

export interface AnthropicStreamStep {
  readonly state: AnthropicStreamState;
  readonly events: readonly AnthropicEvent[];
}

export function startAnthropicStream(identity: MessageIdentity): AnthropicStreamState {
  return { identity, started: false, open: [], blocksBegun: 0, deltas: 0, stop: undefined, usage: undefined };
}

/** The events that one event of the target becomes. */
export function stepAnthropicStream(state: AnthropicStreamState, event: ModelEvent): AnthropicStreamStep {
  const begun = started(state);
  const counted = { ...begun.state, deltas: state.deltas + (isContent(event) ? 1 : 0) };
  const next = step(counted, event);
  return { state: next.state, events: [...begun.events, ...next.events] };
}

/** The events that end a stream that ended well: the stop reason as the target gave it, with all counts. */
export function endAnthropicStream(state: AnthropicStreamState): readonly AnthropicEvent[] {
  const { stop, usage, deltas, identity } = state;
  if (stop === undefined) return [];
  return [
    ...started(state).events,
    ...state.open.flatMap(blockEnd),
    {
      type: 'message_delta',
      delta: { ...anthropicStop(stop, identity.stopSequences), container: null },
      usage: anthropicUsage(usage, deltas),
    },
    { type: 'message_stop' },
  ];
}

function started(state: AnthropicStreamState): AnthropicStreamStep {
  if (state.started) return { state, events: [] };
  const message = { ...messageHead(state.identity), content: [], ...noStopYet, usage: noUsageYet };
  return { state: { ...state, started: true }, events: [{ type: 'message_start', message }] };
}

function step(state: AnthropicStreamState, event: ModelEvent): AnthropicStreamStep {
  switch (event.type) {
    case 'text-delta':
      return withDelta(state, opening(event.index, 'text'), { type: 'text_delta', text: event.text });
    case 'citation': {
      const citation = anthropicCitation(event.citation);
      return citation === undefined
        ? { state, events: [] }
        : withDelta(state, opening(event.index, 'text'), { type: 'citations_delta', citation });
    }
    case 'reasoning-delta':
      return withDelta(state, opening(event.index, 'thinking'), {
        type: 'thinking_delta',
        thinking: event.text,
      });
    case 'reasoning-signature':
      return signed(state, event);
    case 'reasoning-redacted':
      return redacted(state, event.dataBase64);
    case 'tool-use-start': {
      const { toolUseId: id, name } = event;
      const opened = opening(event.index, 'tool_use', {
        type: 'tool_use',
        id,
        name,
        input: {},
        caller: modelItself,
      });
      return begin(withoutBlock(state, event.index), opened);
    }
    case 'tool-use-delta':
      return withDelta(state, opening(event.index, 'tool_use'), {
        type: 'input_json_delta',
        partial_json: event.inputJson,
      });
    case 'block-stop':
      return withoutBlock(state, event.index);
    case 'message-stop':
      return { state: { ...state, stop: event }, events: [] };
    case 'usage':
      return { state: { ...state, usage: event.usage }, events: [] };
    default:
      return { state, events: [] };
  }
}

interface Opening {
  readonly target: number;
  readonly kind: OpenBlock['kind'];
  /** How the block begins; undefined for a call whose start was never told. */
  readonly block: object | undefined;
}

function opening(
  target: number,
  kind: OpenBlock['kind'],
  block: object | undefined = emptyBlock(kind),
): Opening {
  return { target, kind, block };
}

function emptyBlock(kind: OpenBlock['kind']): object | undefined {
  if (kind === 'text') return { type: 'text', text: '' };
  return kind === 'thinking' ? { type: 'thinking', thinking: '', signature: '' } : undefined;
}

/** A delta in its block, which begins with it if it has not yet. */
function withDelta(state: AnthropicStreamState, opened: Opening, delta: object): AnthropicStreamStep {
  const isIts = (block: OpenBlock) => block.target === opened.target && block.kind === opened.kind;
  const known = state.open.some(isIts);
  if (!known && opened.block === undefined) return { state, events: [] };
  // A block of another kind under the same number is over: targets number what they begin anew.
  const begun = known ? { state, events: [] } : begin(withoutBlock(state, opened.target), opened);
  const index = begun.state.open.find(isIts)?.index;
  return {
    state: begun.state,
    events: [...begun.events, { type: 'content_block_delta', index, delta }],
  };
}

function begin(before: AnthropicStreamStep, { target, kind, block }: Opening): AnthropicStreamStep {
  const { state } = before;
  const index = state.blocksBegun;
  return {
    state: {
      ...state,
      open: [...state.open, { target, index, kind, signature: '' }],
      blocksBegun: index + 1,
    },
    events: [...before.events, { type: 'content_block_start', index, content_block: block }],
  };
}

/** The block of this number stopped. One that never began says nothing. */
function withoutBlock(state: AnthropicStreamState, target: number): AnthropicStreamStep {
  const over = state.open.filter((block) => block.target === target);
  if (over.length === 0) return { state, events: [] };
  const open = state.open.filter((block) => block.target !== target);
  return { state: { ...state, open }, events: over.flatMap(blockEnd) };
}

/** A hidden thought comes whole. */
function redacted(state: AnthropicStreamState, data: string): AnthropicStreamStep {
  const index = state.blocksBegun;
  const block = { type: 'redacted_thinking', data };
  return {
    state: { ...state, blocksBegun: index + 1 },
    events: [{ type: 'content_block_start', index, content_block: block }, blockStop(index)],
  };
}

/** The proof of a thought, kept until its end. */
function signed(
  before: AnthropicStreamState,
  { index, signature }: { readonly index: number; readonly signature: string },
): AnthropicStreamStep {
  const isIts = ({ target, kind }: OpenBlock) => target === index && kind === 'thinking';
  const begun = before.open.some(isIts)
    ? { state: before, events: [] }
    : begin(withoutBlock(before, index), opening(index, 'thinking'));
  const open = begun.state.open.map((block) =>
    isIts(block) ? { ...block, signature: block.signature + signature } : block,
  );
  return { state: { ...begun.state, open }, events: begun.events };
}

function blockEnd({ index, signature }: OpenBlock): readonly AnthropicEvent[] {
  const delta = { type: 'signature_delta', signature };
  const proof = signature === '' ? [] : [{ type: 'content_block_delta', index, delta }];
  return [...proof, blockStop(index)];
}

function blockStop(index: number): AnthropicEvent {
  return { type: 'content_block_stop', index };
}
