import type {
  ChatMessage,
  ContentBlock,
  DocumentBlock,
  DocumentFormat,
  ToolResultContent,
} from '../../chat/chat-request.ts';
import { documentFormats } from '../../chat/chat-request.ts';

const formats: ReadonlyMap<string, DocumentFormat> = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['text/html', 'html'],
  ['text/plain', 'txt'],
  ['text/markdown', 'md'],
]);
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Converse's bound on a document's name, less room for a number behind it. */
const NAME_LENGTH_MAX = 190;

export interface OpenAiFile {
  /** A `data:` URL, or base64 alone. */
  readonly file_data: string;
  readonly filename?: string | null | undefined;
}

/** The document that a file is, or the sentence that says what is wrong with it. */
export function documentOfFile({ file_data: data, filename }: OpenAiFile): DocumentBlock | string {
  const comma = data.startsWith('data:') ? data.indexOf(',') : -1;
  const [mediaType = '', ...parameters] = data
    .slice('data:'.length, Math.max(comma, 0))
    .toLowerCase()
    .split(';');
  const bytesBase64 = data.slice(comma + 1);
  if (comma >= 0 && !parameters.includes('base64')) return 'must hold the file in base64 after ";base64,"';
  if (bytesBase64.length % 4 !== 0 || !base64.test(bytesBase64))
    return 'must be the file in base64, alone or as a data: URL';
  const format = formats.get(mediaType) ?? formatOfName(filename ?? '');
  if (format === undefined) {
    return `must be a document (${documentFormats.join(', ')}), told by the media type of a data: URL or by the end of filename`;
  }
  return { document: { format, name: documentName(filename ?? ''), source: { bytesBase64 } } };
}

function formatOfName(filename: string): DocumentFormat | undefined {
  const ending = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  return documentFormats.find((format) => format === ending);
}

/** The file's name without its ending, in the letters that Converse takes. */
function documentName(filename: string): string {
  const stem = filename.replace(/\.[A-Za-z0-9]{1,5}$/, '');
  const plain = stem.replace(/[^A-Za-z0-9()[\] -]+/g, '-').replace(/ +/g, ' ');
  return plain.slice(0, NAME_LENGTH_MAX).trim() || 'document';
}

/** Converse takes a name only once in a request: the second file of a name gets a number. */
export function withDistinctNames(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  if (!messages.some(({ content }) => content.some(holdsDocument))) return messages;
  const taken = new Set<string>();
  /** The next number to try for a name: counting from the first each time would be quadratic. */
  const numbers = new Map<string, number>();
  const freeName = (name: string): string => {
    if (!taken.has(name)) return name;
    let number = numbers.get(name) ?? 2;
    while (taken.has(`${name} (${number})`)) number += 1;
    numbers.set(name, number + 1);
    return `${name} (${number})`;
  };
  const named = <Part extends ToolResultContent | ContentBlock>(part: Part): Part => {
    if (!('document' in part)) return part;
    const name = freeName(part.document.name);
    taken.add(name);
    return { ...part, document: { ...part.document, name } };
  };
  return messages.map(({ role, content }) => ({
    role,
    content: content.map((block) =>
      'toolResult' in block
        ? { toolResult: { ...block.toolResult, content: block.toolResult.content.map(named) } }
        : named(block),
    ),
  }));
}

function holdsDocument(block: ContentBlock): boolean {
  if ('toolResult' in block) return block.toolResult.content.some((part) => 'document' in part);
  return 'document' in block;
}
