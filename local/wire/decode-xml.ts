import { missing } from './decode-json.ts';
import { fromText } from './from-text.ts';
import { parseXml, type XmlElement } from './parse-xml.ts';
import type { Shape, StructureShape } from './shape.ts';
import { serializationError } from './wire-error.ts';

/** An XML body as the SDK's input shape, strictly. `rootName` is the element that must hold it. */
export function decodeXml(shape: Shape, rootName: string, source: string): unknown {
  const root = parseXml(source);
  if (root.name !== rootName)
    throw serializationError(`The body is a <${root.name}>; must be a <${rootName}>.`);
  return readElement(shape, root, [rootName]);
}

type Path = readonly string[];

function readElement(shape: Shape, element: XmlElement, path: Path): unknown {
  switch (shape.kind) {
    case 'structure':
      return readStructure(shape, element, path);
    case 'list':
      return element.children.map((item) => {
        if (item.name !== shape.itemName) throw unknownElement(item, path);
        return readElement(shape.member, item, [...path, item.name]);
      });
    case 'map':
    case 'document':
      throw serializationError(`The local AWS does not read ${path.join('.')} from XML.`);
    default:
      if (element.children[0] !== undefined) throw unknownElement(element.children[0], path);
      return fromText(shape, element.text, path.join('.'));
  }
}

function readStructure(shape: StructureShape, element: XmlElement, path: Path): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const child of element.children) {
    const member = shape.byWireName.get(child.name);
    if (member === undefined) throw unknownElement(child, path);
    const inside = [...path, child.name];
    if (member.shape.kind === 'list' && member.binding.flattened) {
      const items = (result[member.name] ?? []) as unknown[];
      items.push(readElement(member.shape.member, child, inside));
      result[member.name] = items;
    } else {
      if (result[member.name] !== undefined)
        throw serializationError(`<${child.name}> stands twice in ${path.join('.')}.`);
      result[member.name] = readElement(member.shape, child, inside);
    }
  }
  const absent = shape.members.find(({ name, required }) => required && result[name] === undefined);
  if (absent !== undefined) throw serializationError(missing([...path, absent.wireName]));
  return result;
}

function unknownElement({ name }: XmlElement, path: Path): Error {
  return serializationError(`<${name}> is not an element of ${path.join('.')}.`);
}
