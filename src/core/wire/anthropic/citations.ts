/** Where a text of an answer comes from: Bedrock's own JSON and Anthropic's, both ways. */

/** A passage of a document, in Anthropic's format. */
export type AnthropicCitation = {
  readonly cited_text: string;
  readonly document_index: number;
  readonly document_title?: string | null | undefined;
} & (
  | { readonly type: 'char_location'; readonly start_char_index: number; readonly end_char_index: number }
  | { readonly type: 'page_location'; readonly start_page_number: number; readonly end_page_number: number }
  | {
      readonly type: 'content_block_location';
      readonly start_block_index: number;
      readonly end_block_index: number;
    }
);

type Json = Readonly<Record<string, unknown>>;

/** Undefined for a kind of place that Anthropic's documents do not have. */
export function anthropicCitation(bedrock: Json): AnthropicCitation | undefined {
  const passage = {
    cited_text: citedText(bedrock),
    document_title: typeof bedrock.title === 'string' ? bedrock.title : null,
  };
  const { documentChar, documentPage, documentChunk } = objectIn(bedrock.location);
  if (documentChar !== undefined) {
    const { index, start, end } = span(documentChar);
    return {
      type: 'char_location',
      ...passage,
      document_index: index,
      start_char_index: start,
      end_char_index: end,
    };
  }
  if (documentPage !== undefined) {
    const { index, start, end } = span(documentPage);
    return {
      type: 'page_location',
      ...passage,
      document_index: index,
      start_page_number: start,
      end_page_number: end,
    };
  }
  if (documentChunk === undefined) return undefined;
  const { index, start, end } = span(documentChunk);
  return {
    type: 'content_block_location',
    ...passage,
    document_index: index,
    start_block_index: start,
    end_block_index: end,
  };
}

/** An earlier citation, given back. */
export function bedrockCitation(citation: AnthropicCitation): Json {
  const { cited_text: text, document_title: title } = citation;
  return {
    ...(title == null ? {} : { title }),
    sourceContent: [{ text }],
    location: locationOf(citation),
  };
}

function locationOf(citation: AnthropicCitation): Json {
  const documentIndex = citation.document_index;
  switch (citation.type) {
    case 'char_location': {
      const { start_char_index: start, end_char_index: end } = citation;
      return { documentChar: { documentIndex, start, end } };
    }
    case 'page_location': {
      const { start_page_number: start, end_page_number: end } = citation;
      return { documentPage: { documentIndex, start, end } };
    }
    case 'content_block_location': {
      const { start_block_index: start, end_block_index: end } = citation;
      return { documentChunk: { documentIndex, start, end } };
    }
  }
}

function citedText({ sourceContent }: Json): string {
  const parts: readonly unknown[] = Array.isArray(sourceContent) ? sourceContent : [];
  return parts.map((part) => String(objectIn(part).text ?? '')).join('');
}

function span(value: unknown): { readonly index: number; readonly start: number; readonly end: number } {
  const { documentIndex, start, end } = objectIn(value);
  return { index: countIn(documentIndex), start: countIn(start), end: countIn(end) };
}

function countIn(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function objectIn(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
