/** Which tests there are, by the titles that stand in their files: for documents that name tests as their proof. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#test/tidy/source-files.ts';

/** `file › name` of a test: the file under test/, and a part of the test's title. */
export type TestReference = readonly [file: string, name: string];

/** Whether a test file has a test of this name: a text in front of a function, in a call of `it` or of its `each`. */
export function testExists([file, name]: TestReference): boolean {
  const path = join(projectFolder, 'test', file);
  if (!existsSync(path)) return false;
  const titles = readFileSync(path, 'utf8').matchAll(
    /(?:\bit|\))\(\s*(['"`])((?:(?!\1).)*)\1,\s*(?:async\b\s*)?[({\w]/g,
  );
  return [...titles].some((found) => found[2]?.includes(name));
}
