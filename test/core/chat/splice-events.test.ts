import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '#core/chat/model-event.ts';
import {
  nothingShown,
  SHOWN_CHARACTERS_MAX,
  type ShownStream,
  showEvent,
  spliceEvent,
  startSplice,
} from '#core/chat/splice-events.ts';

const text = (piece: string, index = 0): ModelEvent => ({ type: 'text-delta', index, text: piece });
const show = (...events: readonly ModelEvent[]): ShownStream => events.reduce(showEvent, nothingShown);

function splice(shown: ShownStream, ...events: readonly ModelEvent[]): readonly ModelEvent[] {
  let state = startSplice(shown);
  return events.flatMap((event) => {
    const step = spliceEvent(state, event);
    state = step.state;
    return step.event ?? [];
  });
}

describe('what was shown', () => {
  it('is text, block by block', () => {
    const shown = show({ type: 'message-start' }, text('Half '), text('a word'));
    expect(shown).toMatchObject({
      text: 'Half a word',
      deltas: 2,
      at: 'text',
      openBlock: 0,
      lastBlock: 0,
    });
    expect(showEvent(shown, { type: 'block-stop', index: 0 }).openBlock).toBeUndefined();
  });

  it.each<ModelEvent>([
    { type: 'citation', index: 0, citation: { title: 'Far' } },
    { type: 'tool-use-start', index: 1, toolUseId: 'call-1', name: 'look' },
    { type: 'message-stop', stopReason: 'guardrail_intervened' },
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
  ])('can be gone on with no more after $type', (event) => {
    expect(show(text('Half'), event).at).toBe('beyond');
    expect(show(text('Half'), event, text('more', 2)).at).toBe('beyond');
  });

  it.each<Extract<ModelEvent, { readonly index: number }>>([
    { type: 'reasoning-delta', index: 0, text: 'Hm' },
    { type: 'reasoning-redacted', index: 0, dataBase64: 'AAAA' },
  ])('can be gone on with behind $type, once text has begun again', (event) => {
    const thought = show(event, { type: 'reasoning-signature', index: 0, signature: 's' });
    expect(thought.at).toBe('thought');
    expect(showEvent(thought, { type: 'block-stop', index: 0 }).at).toBe('thought');
    const begun = show(event, { type: 'block-stop', index: 0 }, text('Half', 1));
    expect(begun).toMatchObject({ at: 'text', text: 'Half', openBlock: 1, lastBlock: 1 });
    expect(splice(begun, text(' more'), { type: 'block-stop', index: 0 })).toEqual([
      text(' more', 1),
      { type: 'block-stop', index: 1 },
    ]);
    expect(showEvent(begun, { ...event, index: 2 }).at).toBe('thought');
  });
});

describe('a text that is longer than any to go on with', () => {
  it('is not kept', () => {
    const long = show(text('x'.repeat(SHOWN_CHARACTERS_MAX)));
    expect(long.at).toBe('text');
    expect(showEvent(long, text('x'))).toMatchObject({ at: 'beyond', text: '' });
  });
});

describe('the rest', () => {
  it('goes on in the open block and numbers the others on', () => {
    const told = splice(
      show(text('Half')),
      { type: 'message-start' },
      text(' more'),
      { type: 'block-stop', index: 0 },
      { type: 'tool-use-start', index: 1, toolUseId: 'call-1', name: 'look' },
      { type: 'tool-use-delta', index: 1, inputJson: '{}' },
      { type: 'block-stop', index: 1 },
      { type: 'message-stop', stopReason: 'tool_use' },
    );
    expect(told.map((event) => ('index' in event ? `${event.type} ${event.index}` : event.type))).toEqual([
      'text-delta 0',
      'block-stop 0',
      'tool-use-start 2',
      'tool-use-delta 2',
      'block-stop 2',
      'message-stop',
    ]);
  });

  it('begins a block of its own where none is open', () => {
    const shown = show(text('Whole.'), { type: 'block-stop', index: 0 });
    expect(splice(shown, text('More'))).toEqual([text('More', 1)]);
  });

  it('does not repeat the white space at which the shown part ended', () => {
    expect(splice(show(text('Half ')), text(' '), text(' \n'), text(' more'), text(' and'))).toEqual([
      text('more'),
      text(' and'),
    ]);
    expect(splice(show(text('Half')), text(' more'))).toEqual([text(' more')]);
  });

  it('counts what both targets used, the broken one by estimate', () => {
    const usage = { inputTokens: 20, outputTokens: 7, cacheReadInputTokens: 3 };
    expect(splice(show(text('a'), text('b')), { type: 'usage', usage })).toEqual([
      { type: 'usage', usage: { inputTokens: 20 + 21, outputTokens: 9, cacheReadInputTokens: 3 } },
    ]);
  });
});
