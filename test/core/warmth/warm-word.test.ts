import { expect, it } from 'vitest';
import { believedUntil, isBelieved, type WarmWord } from '#core/warmth/warm-word.ts';

const at = Date.UTC(2026, 10, 21, 8);
const awake: WarmWord = { target: 't', pool: 'p', kind: 'awake', at };
const cold: WarmWord = { ...awake, kind: 'cold' };

it.each([
  ['of a copy for two minutes', awake, [0, 119_999], [120_000, -5_001]],
  ['of none for half a minute, since who met it tells it anew', cold, [0, 29_999], [30_000, -5_001]],
  ['of a clock that is a little ahead', cold, [-5_000], []],
])('a word is believed %s', (_, word, believed, not) => {
  expect(believed.map((ms) => isBelieved(word, at + ms))).toEqual(believed.map(() => true));
  expect(not.map((ms) => isBelieved(word, at + ms))).toEqual(not.map(() => false));
  expect(isBelieved(word, believedUntil(word) - 1)).toBe(true);
});
