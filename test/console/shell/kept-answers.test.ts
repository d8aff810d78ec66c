import { expect, it } from 'vitest';
import { KeptAnswers } from '../../../console/shell/kept-answers.ts';

const tagged = (etag?: string) => new Response('', { headers: etag === undefined ? {} : { etag } });

it('keeps what has a tag, of the last four pages', () => {
  const kept = new KeptAnswers();
  kept.keep('/untagged', tagged(), 0);
  for (const path of ['/a', '/b', '/c', '/d', '/a', '/e']) kept.keep(path, tagged(`"${path}"`), path);
  const known = ['/untagged', '/a', '/b', '/c', '/d', '/e'].filter(
    (path) => 'if-none-match' in kept.headersFor(path),
  );
  expect(known).toEqual(['/a', '/c', '/d', '/e']);
  expect(kept.headersFor('/a')).toEqual({ 'if-none-match': '"/a"' });
});

it('gives an answer of no time back as it is', () => {
  const kept = new KeptAnswers();
  kept.keep('/a', tagged('"1"'), [1]);
  expect(kept.again('/a', tagged())).toEqual([1]);
});
