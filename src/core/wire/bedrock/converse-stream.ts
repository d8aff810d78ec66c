import type { BedrockReport, ModelEvent, StopReason, Usage } from '../../chat/model-event.ts';
import { bedrockMembers } from './converse-answer.ts';
import { bedrockUsage } from './usage.ts';

/** An event of ConverseStream before it is framed. */
export interface ConverseStreamEvent {
  readonly type:
    | 'messageStart'
    | 'contentBlockStart'
    | 'contentBlockDelta'
    | 'contentBlockStop'
    | 'messageStop'
    | 'metadata';
  readonly members: Readonly<Record<string, unknown>>;
}

/** What a stream's translation remembers between two events. */
export interface ConverseStreamState {
  readonly started: boolean;
  /** Blocks that are begun and not ended: the target's number and kind of each, and ours. */
  readonly open: readonly OpenBlock[];
  /** Ours count from 0 in the order in which blocks begin, without gaps. */
  readonly nextIndex: number;
  /** Kept until the stream has ended well: a stop reason must not stand before an error. */
  readonly stop: { readonly stopReason: StopReason; readonly fields: unknown } | undefined;
  readonly usage: Usage | undefined;
  readonly bedrock: BedrockReport | undefined;
}

interface OpenBlock {
  readonly targetIndex: number;
  readonly kind: 'text' | 'reasoning' | 'tool-use';
  readonly index: number;
}

export interface ConverseStreamStep {
  readonly state: ConverseStreamState;
  readonly events: readonly ConverseStreamEvent[];
}

export function startConverseStream(): ConverseStreamState {
  return { started: false, open: [], nextIndex: 0, stop: undefined, usage: undefined, bedrock: undefined };
}

/** The events that one event of the target becomes. */
export function stepConverseStream(before: ConverseStreamState, event: ModelEvent): ConverseStreamStep {
  const start = before.started ? [] : [messageStart];
  const { state, events } = translated({ ...before, started: true }, event);
  return { state, events: [...start, ...events] };
}

/**
 * The events that end a stream that ended well: the stop reason as the target gave it, then usage.
 *
 * @param latencyMs from the request's arrival, in milliseconds
 */
export function endConverseStream(
  { stop, usage, bedrock }: ConverseStreamState,
  latencyMs: number,
): readonly ConverseStreamEvent[] {
  if (stop === undefined) return [];
  const { stopReason, fields } = stop;
  const additional = fields === undefined ? {} : { additionalModelResponseFields: fields };
  const counted = usage === undefined ? {} : { usage: bedrockUsage(usage) };
  return [
    { type: 'messageStop', members: { stopReason, ...additional } },
    { type: 'metadata', members: { ...counted, metrics: { latencyMs }, ...bedrockMembers(bedrock) } },
  ];
}

const messageStart: ConverseStreamEvent = { type: 'messageStart', members: { role: 'assistant' } };

function translated(state: ConverseStreamState, event: ModelEvent): ConverseStreamStep {
  switch (event.type) {
    case 'message-start':
    case 'verbatim':
    case 'own-members':
      return { state, events: [] };
    case 'text-delta':
      return withDelta(state, { event, kind: 'text', delta: { text: event.text } });
    case 'citation':
      return withDelta(state, { event, kind: 'text', delta: { citation: event.citation } });
    case 'reasoning-delta':
      return withReasoning(state, event, { text: event.text });
    case 'reasoning-signature':
      return withReasoning(state, event, { signature: event.signature });
    case 'reasoning-redacted':
      return withReasoning(state, event, { redactedContent: event.dataBase64 });
    case 'tool-use-start':
      return toolStart(state, event);
    case 'tool-use-delta':
      return toolDelta(state, event);
    case 'block-stop':
      return closed(state, (block) => block.targetIndex === event.index);
    case 'message-stop': {
      const { stopReason, additionalModelResponseFields: fields } = event;
      const { state: after, events } = closed(state, () => true);
      return { state: { ...after, stop: { stopReason, fields } }, events };
    }
    case 'usage':
      return { state: { ...state, usage: event.usage, bedrock: event.bedrock }, events: [] };
  }
}

interface Delta {
  readonly event: { readonly index: number };
  readonly kind: OpenBlock['kind'];
  readonly delta: Readonly<Record<string, unknown>>;
}

/** Bedrock announces tool calls alone; other blocks begin with their first delta. */
function withDelta(state: ConverseStreamState, { event, kind, delta }: Delta): ConverseStreamStep {
  const known = openBlock(state, event.index, kind);
  const { state: after, block } =
    known === undefined ? begun(state, event.index, kind) : { state, block: known };
  return { state: after, events: [deltaEvent(block, delta)] };
}

function withReasoning(
  state: ConverseStreamState,
  event: { readonly index: number },
  reasoningContent: Readonly<Record<string, unknown>>,
): ConverseStreamStep {
  return withDelta(state, { event, kind: 'reasoning', delta: { reasoningContent } });
}

function toolStart(
  state: ConverseStreamState,
  { index, toolUseId, name }: ModelEvent & { readonly type: 'tool-use-start' },
): ConverseStreamStep {
  const { state: after, block } = begun(state, index, 'tool-use');
  const members = { start: { toolUse: { toolUseId, name } }, contentBlockIndex: block.index };
  return { state: after, events: [{ type: 'contentBlockStart', members }] };
}

/** Input of a call that never began is nobody's. */
function toolDelta(
  state: ConverseStreamState,
  { index, inputJson }: ModelEvent & { readonly type: 'tool-use-delta' },
): ConverseStreamStep {
  const block = openBlock(state, index, 'tool-use');
  return { state, events: block === undefined ? [] : [deltaEvent(block, { toolUse: { input: inputJson } })] };
}

function deltaEvent({ index }: OpenBlock, delta: Readonly<Record<string, unknown>>): ConverseStreamEvent {
  return { type: 'contentBlockDelta', members: { delta, contentBlockIndex: index } };
}

function openBlock(
  { open }: ConverseStreamState,
  targetIndex: number,
  kind: OpenBlock['kind'],
): OpenBlock | undefined {
  return open.findLast((block) => block.targetIndex === targetIndex && block.kind === kind);
}

function begun(state: ConverseStreamState, targetIndex: number, kind: OpenBlock['kind']) {
  const block: OpenBlock = { targetIndex, kind, index: state.nextIndex };
  return { block, state: { ...state, open: [...state.open, block], nextIndex: state.nextIndex + 1 } };
}

/** The end of a block that never began is no news. */
function closed(state: ConverseStreamState, ends: (block: OpenBlock) => boolean): ConverseStreamStep {
  const events = state.open.filter(ends).map(
    ({ index }): ConverseStreamEvent => ({
      type: 'contentBlockStop',
      members: { contentBlockIndex: index },
    }),
  );
  return { state: { ...state, open: state.open.filter((block) => !ends(block)) }, events };
}
