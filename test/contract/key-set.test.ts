import { expect, it } from 'vitest';
import { keySetSchema } from '#contract/key-set.ts';

it('a key set keeps what its keys say, and has at most a hundred', () => {
  const keySet = { keys: [{ kty: 'RSA', n: 'x', e: 'AQAB', x5c: ['y'] }] };
  expect(keySetSchema.parse({ ...keySet, more: 1 })).toEqual(keySet);
  for (const bad of [{}, { keys: [{}] }, { keys: Array(101).fill({ kty: 'EC' }) }])
    expect(keySetSchema.safeParse(bad).success).toBe(false);
});
