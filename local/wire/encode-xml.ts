import type { Shape } from './shape.ts';
import { formatTimestamp } from './timestamps.ts';

/** An SDK output value as the XML of the query protocol: the inside of `<XResult>`. */
export function toXml(shape: Shape, value: unknown): string {
  if (value === undefined || value === null) return '';
  switch (shape.kind) {
    case 'structure':
      return shape.members
        .filter((member) => present((value as Record<string, unknown>)[member.name]))
        .map((member) =>
          element(member.wireName, toXml(member.shape, (value as Record<string, unknown>)[member.name])),
        )
        .join('');
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) =>
        element('member', toXml(shape.member, item)),
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

const present = (value: unknown): boolean => value !== undefined && value !== null;

export function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
