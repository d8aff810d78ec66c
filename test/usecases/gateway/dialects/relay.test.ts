import { describe, expect, it } from 'vitest';
import { createRelay } from '#usecases/gateway/dialects/relay.ts';

const piece = (text: string) => ({ type: 'verbatim', bytes: new TextEncoder().encode(text) }) as const;
const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

describe('a relay', () => {
  it('leaves everything to be written until the target’s own pieces come', () => {
    const relay = createRelay();
    expect(relay.step({ type: 'text-delta', index: 0, text: 'a' })).toBeUndefined();
    expect(relay.end()).toBeUndefined();
  });

  it('hands pieces on at once, and the end only when the stream has ended well', () => {
    const relay = createRelay();
    expect(text(relay.step(piece('')))).toBe('');
    expect(text(relay.step({ type: 'text-delta', index: 0, text: 'a' }))).toBe('');
    expect(text(relay.step(piece('A')))).toBe('A');
    relay.step({ type: 'message-stop', stopReason: 'end_turn' });
    expect(text(relay.step(piece('STOP')))).toBe('');
    expect(text(relay.step(piece('USAGE')))).toBe('');
    expect(text(relay.end())).toBe('STOPUSAGE');
  });
});
