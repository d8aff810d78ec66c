import { expect, it } from 'vitest';
import { createLineWriter } from '#adapters/system/line-writer.ts';

it('writes the lines of one step at once, in order, before anything else of the event loop', async () => {
  const written: string[] = [];
  const writeLine = createLineWriter((text) => written.push(text));
  writeLine('one\n');
  writeLine('two\n');
  expect(written).toEqual([]);
  await Promise.resolve();
  writeLine('three\n');
  await Promise.resolve();
  expect(written).toEqual(['one\ntwo\n', 'three\n']);
});
