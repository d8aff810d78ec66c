import { expect, it } from 'vitest';
import { parseSignedRoot, placeOfRoot, rootKey, rootText, signedRootText } from '#core/audit/signed-root.ts';

const root = {
  chain: 'acme/111111111111/eu-central-1',
  sequence: 42,
  hash: 'ab'.repeat(32),
  signedAt: '2026-11-21T08:00:01.000Z',
};

it('writes what is signed in one way, and where it is kept in the order of sequences and times', () => {
  expect(rootText({ ...root })).toBe(
    `{"chain":"${root.chain}","hash":"${root.hash}","sequence":42,"signedAt":"2026-11-21T08:00:01.000Z"}`,
  );
  const key = 'roots/acme/111111111111/eu-central-1/000000000000042-20261121T080001Z.json';
  expect(rootKey(root)).toBe(key);
  expect(placeOfRoot(key)).toEqual({ sequence: 42, signedAt: root.signedAt });
  expect(placeOfRoot('roots/acme/1/readme.json')).toBeUndefined();
});

it('reads what it wrote, and nothing else', () => {
  const signed = { root, signature: 'MEUC' };
  expect(parseSignedRoot(signedRootText(signed))).toEqual(signed);
  const broken = ['', '{}', '[]', 'null', '{"root":{},"signature":"x"}'];
  const wrong = [{ sequence: 0 }, { sequence: '42' }, { hash: 1 }, { chain: undefined }, { signedAt: 5 }];
  const texts = wrong.map((change) => JSON.stringify({ root: { ...root, ...change }, signature: 'x' }));
  for (const text of [...broken, ...texts, JSON.stringify({ root })])
    expect(parseSignedRoot(text)).toBeUndefined();
});
