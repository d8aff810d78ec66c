import { serializationError } from './wire-error.ts';

/** One element, with the text directly inside it. Attributes and namespaces mean nothing here and are dropped. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly children: OpenElement[];
  text: string;
}

const depthMax = 32;

const token =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[(?<raw>[\s\S]*?)\]\]>|<\/(?<closing>[^\s<>/]+)\s*>|<(?<opening>[^\s<>/!?]+)(?:\s+[^\s=<>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?<empty>\/?)>|(?<text>[^<]+)/y;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads a document into its tree. Document types, and with them entities of one's own, are refused. */
export function parseXml(source: string): XmlElement {
  const root: OpenElement = { name: '', children: [], text: '' };
  const path: OpenElement[] = [root];
  const reader = new RegExp(token);
  while (reader.lastIndex < source.length) {
    const at = reader.lastIndex;
    const found = reader.exec(source)?.groups;
    if (found === undefined) throw malformed(`at character ${at}`);
    take(found, path);
    if (path.length > depthMax) throw malformed(`deeper than ${depthMax} elements`);
  }
  const [document, ...more] = root.children;
  if (path.length !== 1 || document === undefined || more.length > 0 || root.text.trim() !== '') {
    throw malformed('which is not one closed element');
  }
  return document;
}

function take(found: Readonly<Record<string, string | undefined>>, path: OpenElement[]): void {
  const current = path.at(-1);
  if (current === undefined) throw malformed('which closes more than it opens');
  const { opening, closing, empty, raw, text } = found;
  if (opening !== undefined) {
    const child: OpenElement = { name: localName(opening), children: [], text: '' };
    current.children.push(child);
    if (empty !== '/') path.push(child);
  } else if (closing !== undefined) {
    if (path.length === 1 || localName(closing) !== current.name) throw malformed(`at </${closing}>`);
    path.pop();
  } else {
    current.text += raw ?? unescapeXml(text ?? '');
  }
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function unescapeXml(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-fA-F]+|\w+);?/g, (_, name: string) => {
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    const character = name.startsWith('#') && code <= 0x10ffff ? String.fromCodePoint(code) : entities[name];
    if (character === undefined) throw malformed(`at &${name};`);
    return character;
  });
}

function malformed(where: string): Error {
  return serializationError(
    `The XML you provided was not well-formed or did not validate against our published schema: ${where}.`,
  );
}
