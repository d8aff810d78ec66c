import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sourceRevision } from '#lib/source-revision.ts';
import { codeRevision } from '#runtime/source-revision.ts';

it('is that of the sources where nothing was bundled, as bundling tells it', () => {
  expect(codeRevision()).toBe(sourceRevision(fileURLToPath(new URL('../..', import.meta.url))));
});
