/** One stream out of the shown beginning of an answer and the rest from another target: pure steps. */
import type { ShownText } from './continue-chat.ts';
import type { ModelEvent, Usage } from './model-event.ts';

/** What a stream has shown so far. */
export interface ShownStream extends ShownText {
  /** False once anything but text came, or the answer's end: nobody can go on from there. */
  readonly onlyText: boolean;
  /** The text block that has begun and not ended. */
  readonly openBlock?: number | undefined;
  readonly lastBlock: number;
}

export const nothingShown: ShownStream = { text: '', deltas: 0, onlyText: true, lastBlock: -1 };

export function showEvent(shown: ShownStream, event: ModelEvent): ShownStream {
  switch (event.type) {
    case 'message-start':
    case 'verbatim':
    case 'own-members':
      return shown;
    case 'text-delta': {
      const { index, text } = event;
      const lastBlock = Math.max(shown.lastBlock, index);
      return { ...shown, text: shown.text + text, deltas: shown.deltas + 1, openBlock: index, lastBlock };
    }
    case 'block-stop':
      return event.index === shown.openBlock ? { ...shown, openBlock: undefined } : shown;
    default:
      return { ...shown, onlyText: false };
  }
}

export interface SpliceState {
  /** Number that the next target's block 0 gets. */
  readonly base: number;
  /** The open block that the next target's first text goes on in, until another block begins. */
  readonly joined?: { readonly from?: number | undefined; readonly into: number } | undefined;
  /** What was shown ends in white space, which the rest would repeat. */
  readonly skipSpace: boolean;
  readonly earlier: Usage;
}

/**
 * @param deltas output tokens that the broken target is taken to have made: it did not live to tell
 */
export function startSplice({ text, openBlock, lastBlock, deltas }: ShownStream): SpliceState {
  return {
    base: lastBlock + 1,
    joined: openBlock === undefined ? undefined : { into: openBlock },
    skipSpace: /\s$/.test(text),
    earlier: { inputTokens: 0, outputTokens: deltas },
  };
}

export interface SpliceStep {
  readonly state: SpliceState;
  /** Undefined where nothing is to be told. */
  readonly event?: ModelEvent | undefined;
}

/** The event as the caller's stream goes on with it: blocks numbered on, usage that of both targets. */
export function spliceEvent(state: SpliceState, event: ModelEvent): SpliceStep {
  switch (event.type) {
    case 'message-start':
    case 'verbatim':
    case 'own-members':
      return { state };
    case 'message-stop':
      return { state, event };
    case 'usage': {
      const earlier = earlierUsage(state.earlier, event.usage);
      return { state: { ...state, earlier }, event: { ...event, usage: summed(earlier, event.usage) } };
    }
    case 'text-delta':
      return spliceText(state, event);
    default:
      return { state, event: { ...event, index: placeOf(state, event.index) } };
  }
}

function spliceText(state: SpliceState, event: ModelEvent & { readonly type: 'text-delta' }): SpliceStep {
  const { joined } = state;
  const begun = joined !== undefined && joined.from === undefined ? { ...joined, from: event.index } : joined;
  const text = state.skipSpace ? event.text.trimStart() : event.text;
  const next = { ...state, joined: begun, skipSpace: state.skipSpace && text === '' };
  if (text === '') return { state: next };
  return { state: next, event: { ...event, text, index: placeOf(next, event.index) } };
}

function placeOf({ joined, base }: SpliceState, index: number): number {
  return joined?.from === index ? joined.into : base + index;
}

/** The broken target read what the next one read, but for what it had made itself. */
function earlierUsage({ outputTokens }: Usage, next: Usage): Usage {
  const { inputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = next;
  const read = inputTokens + cacheReadInputTokens + cacheWriteInputTokens;
  return { inputTokens: Math.max(0, read - outputTokens), outputTokens };
}

function summed(one: Usage, other: Usage): Usage {
  return {
    ...other,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  };
}
