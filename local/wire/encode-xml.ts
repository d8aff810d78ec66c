import type { Member, Shape } from './shape.ts';
import { formatTimestamp } from './timestamps.ts';

/** An SDK output value as XML: the inside of its element. */
export function toXml(shape: Shape, value: unknown): string {
  if (value === undefined || value === null) return '';
  switch (shape.kind) {
    case 'structure':
      return membersToXml(shape.members, value as Record<string, unknown>);
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) =>
        element(shape.itemName, toXml(shape.member, item)),
      ).join('');
    case 'map':
      return Object.entries(value as object)
        .map(([key, item]) =>
          element('entry', element('key', escapeXml(key)) + element('value', toXml(shape.value, item))),
        )
        .join('');
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'timestamp':
      return String(formatTimestamp(value as Date, shape.format ?? 'date-time'));
    default:
      return escapeXml(String(value));
  }
}

/** Some members of a structure, each in its own element; flattened lists repeat theirs. */
export function membersToXml(members: readonly Member[], value: Readonly<Record<string, unknown>>): string {
  return members
    .filter(({ name }) => present(value[name]))
    .map(({ name, wireName, shape, binding }) => {
      if (shape.kind !== 'list' || !binding.flattened) return element(wireName, toXml(shape, value[name]));
      const items = Array.from(value[name] as Iterable<unknown>);
      return items.map((item) => element(wireName, toXml(shape.member, item))).join('');
    })
    .join('');
}

const present = (value: unknown): boolean => value !== undefined && value !== null;

/** A whole document. */
export function xmlDocument(rootName: string, xmlNamespace: string, inner: string): string {
  const xmlns = xmlNamespace === '' ? '' : ` xmlns="${escapeXml(xmlNamespace)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${rootName}${xmlns}>${inner}</${rootName}>`;
}

export function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
