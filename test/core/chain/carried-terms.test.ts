import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanes } from '#core/capacity/lane.ts';
import { type CarriedTerms, readTerms, textOfTerms } from '#core/chain/carried-terms.ts';
import { traceStateMember } from '#core/trace/trace-state.ts';

const at = Date.UTC(2026, 10, 21, 8);

describe('the terms of a chain, carried by its caller', () => {
  it('come back as they left, in a member that W3C allows', () => {
    const terms = fc.record<CarriedTerms>({
      lane: fc.constantFrom(...lanes),
      until: fc.option(fc.integer({ min: 0, max: at * 2 }), { nil: undefined }),
      first: fc.option(
        fc.constantFrom(
          { model: 'embed', route: '/v1/embeddings' },
          { model: 'chat-2', route: '/model/chat-2/converse-stream' },
          { model: 'chat', route: '/v1beta/models/chat:generateContent' },
        ),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(terms, (given) => {
        const text = textOfTerms(given);
        expect(text).toMatch(/^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/);
        expect(readTerms(traceStateMember(`other=1,spillway=${text}`, 'spillway') ?? '')).toEqual(given);
      }),
    );
  });

  it('leave out a first call whose path has signs of a list', () => {
    expect(textOfTerms({ lane: 'bulk', first: { model: 'chat', route: '/v1/a,b=c' } })).toBe('1;bulk;-');
  });

  it('may be written by hand, ahead of the first call', () => {
    expect(readTerms('1;standard;-')).toEqual({ lane: 'standard' });
  });

  it.each([
    '',
    '2;bulk;-',
    '1;urgent;-',
    '1;bulk',
    '1;bulk;-1',
    '1;bulk;zzzzzzzzzzzz',
    '1;bulk;-;embed',
    '1;bulk;-;Embed;/v1/embeddings',
    '1;bulk;-;embed;v1',
    '1;bulk;-;embed;/v1;more',
    `1;bulk;-;embed;/${'x'.repeat(200)}`,
  ])('are nobody’s as %j', (text) => {
    expect(readTerms(text)).toBeUndefined();
  });

  it('are read from any text without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => void readTerms(`1;bulk;${text}`)));
  });
});
