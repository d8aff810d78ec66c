import { expect, it } from 'vitest';
import { revisionOf } from '#core/audit/source-revision.ts';
import { sha256Hex } from '#test/builders/a-chain.ts';

const files = [
  ['src/core/a.ts', 'one'],
  ['src/core/b.ts', 'two'],
] as const;
const revision = (...entries: readonly (readonly [string, string])[]) =>
  revisionOf(new Map(entries), sha256Hex);

it('changes with every file, its name and its text, and with nothing else', () => {
  expect(revision(...files)).toMatch(/^[0-9a-f]{16}$/);
  expect(revision(...files.toReversed())).toBe(revision(...files));
  const others = [
    revision(files[0]),
    revision(files[0], ['src/core/b.ts', 'two ']),
    revision(files[0], ['src/core/c.ts', 'two']),
  ];
  expect(new Set([revision(...files), ...others]).size).toBe(4);
});
