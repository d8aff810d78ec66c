/** One stream out of the shown beginning of an answer and the rest from another target: pure steps. */
import type { ShownText } from './continue-chat.ts';
import type { ModelEvent, Usage } from './model-event.ts';

/** What a stream has shown so far. */
export interface ShownStream extends ShownText {
  /**
   * Where it stands. In text another can go on, also behind thoughts that have ended; inside a thought nobody can, and
   * once a tool call, a source or the answer's end came, nobody ever can.
   */
  readonly at: 'text' | 'thought' | 'beyond';
  /** The text block that has begun and not ended. */
  readonly openBlock?: number | undefined;
  readonly lastBlock: number;
}

/** More than any model writes in one answer: what is longer is neither kept nor gone on with. */
export const SHOWN_CHARACTERS_MAX = 2_000_000;

export const nothingShown: ShownStream = { text: '', deltas: 0, at: 'text', lastBlock: -1 };

export function showEvent(shown: ShownStream, event: ModelEvent): ShownStream {
  switch (event.type) {
    case 'message-start':
    case 'verbatim':
    case 'own-members':
      return shown;
    case 'text-delta': {
      const { index, text } = event;
      const lastBlock = Math.max(shown.lastBlock, index);
      const next = { text: shown.text + text, deltas: shown.deltas + 1, openBlock: index, lastBlock };
      if (shown.at === 'beyond' || next.text.length > SHOWN_CHARACTERS_MAX)
        return { ...next, at: 'beyond', text: '' };
      return { ...next, at: 'text' };
    }
    case 'reasoning-delta':
    case 'reasoning-signature':
    case 'reasoning-redacted': {
      const at = shown.at === 'beyond' ? shown.at : 'thought';
      const deltas = shown.deltas + (event.type === 'reasoning-delta' ? 1 : 0);
      return { ...shown, at, deltas, lastBlock: Math.max(shown.lastBlock, event.index) };
    }
    case 'block-stop':
      return event.index === shown.openBlock ? { ...shown, openBlock: undefined } : shown;
    default:
      return { ...shown, at: 'beyond' };
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
