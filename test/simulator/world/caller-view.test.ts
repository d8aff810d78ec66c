import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { textOfTokens } from '#simulator/world/answer-text.ts';
import { CallerView } from '#simulator/world/caller-view.ts';

const text = (tokens: number): ModelEvent => ({ type: 'text-delta', index: 0, text: textOfTokens(tokens) });
const identity = { requestId: 'request-1', model: 'chat-small', createdSeconds: 0, elapsedMs: () => 0 };

function aView() {
  const world = { nowMs: 5 };
  return { world, view: new CallerView(() => world.nowMs) };
}

describe('what a caller is shown', () => {
  it('is counted as it is streamed, and begins with its first content', () => {
    const { world, view } = aView();
    view.step({ type: 'message-start' });
    expect(view.firstContentAtMs).toBeUndefined();
    world.nowMs = 30;
    expect(view.stream().step(text(3))).toHaveLength(1);
    world.nowMs = 40;
    view.step(text(4));
    view.end();
    const { firstContentAtMs, shownTokens, ends, breaks } = view;
    expect({ firstContentAtMs, shownTokens, ends, breaks }).toEqual({
      firstContentAtMs: 30,
      shownTokens: 7,
      ends: 1,
      breaks: 0,
    });
  });

  it('is shown only by text: what else a target says has no length', () => {
    const { view } = aView();
    expect(view.step({ type: 'block-stop', index: 0 })).toHaveLength(0);
    expect(view.shownTokens).toBe(0);
  });

  it('is counted as an end where it comes whole', () => {
    const { view } = aView();
    const block = (tokens: number, index: number) =>
      ({ index, kind: 'text', text: textOfTokens(tokens) }) as const;
    view.whole(identity, { blocks: [block(3, 0), block(2, 1)], stopReason: 'end_turn', usage: undefined });
    expect([view.shownTokens, view.ends, view.firstContentAtMs]).toEqual([5, 1, 5]);
  });

  it('tells a break from an end, however often there is one', () => {
    const { view } = aView();
    view.interrupted();
    view.end();
    view.end();
    expect([view.breaks, view.ends]).toEqual([1, 2]);
  });
});
