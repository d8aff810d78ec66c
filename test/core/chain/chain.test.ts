import { describe, expect, it } from 'vitest';
import { type Chain, termsWithin } from '#core/chain/chain.ts';

const chain: Chain = {
  firstModel: 'plan',
  route: '/v1/messages',
  lane: 'standard',
  deadlineMs: 1000,
  startedMs: 50,
};
const usual = { lane: 'interactive', laneNamed: false } as const;

describe('the terms of a call', () => {
  it.each([
    ['the chain’s, less what has passed', usual, 250.5, { lane: 'standard', deadlineMs: 799 }],
    ['over, and never below nothing', usual, 5000, { lane: 'standard', deadlineMs: 0 }],
    ['its own lane', { lane: 'bulk', laneNamed: true }, 50, { lane: 'bulk', deadlineMs: 1000 }],
    ['its own deadline', { ...usual, deadlineMs: 9000 }, 900, { lane: 'standard', deadlineMs: 9000 }],
  ] as const)('are %s', (_, own, atMs, terms) => {
    expect(termsWithin(chain, own, atMs)).toEqual(terms);
  });

  it('have no deadline where nobody named one', () => {
    expect(termsWithin({ ...chain, deadlineMs: undefined }, usual, 60)).toEqual({ lane: 'standard' });
  });
});
