import { expect, it } from 'vitest';
import { placeInChain } from '#core/chain/place-in-chain.ts';

const call = { model: 'chat', route: '/v1/messages', needsModel: true, isCold: false };
const before = { firstModel: 'embed', route: '/v1/embeddings', models: new Set(['embed', 'plan']) };
const of = { firstModel: 'embed', route: '/v1/embeddings', isFirst: false };

it.each([
  [
    'the first',
    undefined,
    call,
    { firstModel: 'chat', route: '/v1/messages', isFirst: true, isNewModel: false },
  ],
  ['one of a new model', before, call, { ...of, isNewModel: true }],
  ['one of a model that was called', before, { ...call, model: 'plan' }, { ...of, isNewModel: false }],
  ['one of the first model', before, { ...call, model: 'embed' }, { ...of, isNewModel: false }],
  ['one that only counts tokens', before, { ...call, needsModel: false }, { ...of, isNewModel: false }],
])('%s', (_, chain, given, place) => {
  expect(placeInChain(chain, given)).toEqual({ ...place, turnedCold: false });
});

it('turns cold once', () => {
  const cold = { ...call, isCold: true };
  expect(
    [undefined, before, { ...before, cold: true }].map((chain) => placeInChain(chain, cold).turnedCold),
  ).toEqual([true, true, false]);
});
