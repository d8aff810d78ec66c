import { expect, it } from 'vitest';
import { anthropicCitation, bedrockCitation } from '#core/wire/anthropic/citations.ts';

const place = { documentIndex: 2, start: 3, end: 5 };

it.each([
  [{ documentChar: place }, { type: 'char_location', start_char_index: 3, end_char_index: 5 }],
  [{ documentPage: place }, { type: 'page_location', start_page_number: 3, end_page_number: 5 }],
  [{ documentChunk: place }, { type: 'content_block_location', start_block_index: 3, end_block_index: 5 }],
])('says a place in a document in both formats: %j', (location, own) => {
  const told = { title: 'Tides', sourceContent: [{ text: 'a' }, { text: 'b' }], location };
  const citation = anthropicCitation(told);
  expect(citation).toEqual({ cited_text: 'ab', document_index: 2, document_title: 'Tides', ...own });
  if (citation === undefined) throw new Error('no citation');
  expect(bedrockCitation(citation)).toEqual({ ...told, sourceContent: [{ text: 'ab' }] });
});

it('has no title where none was told, and nothing for places that are in no document', () => {
  expect(anthropicCitation({ location: { documentPage: {} } })).toMatchObject({
    document_title: null,
    document_index: 0,
    cited_text: '',
  });
  expect(anthropicCitation({ location: { web: {} } })).toBeUndefined();
  expect(anthropicCitation({})).toBeUndefined();
});
