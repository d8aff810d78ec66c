import { missing } from './decode-json.ts';
import { fromText } from './from-text.ts';
import type { Shape, StructureShape } from './shape.ts';
import { InvalidInput } from './wire-error.ts';

/** Members that every query call carries beside its input. */
const envelope = new Set(['Action', 'Version']);

/** A form body (`Tags.member.1.Key=...`) as the SDK's input shape, strictly. */
export function decodeQuery(shape: Shape, form: URLSearchParams): Record<string, unknown> {
  if (shape.kind !== 'structure') return {};
  const tree = growTree(form);
  const problems: string[] = [];
  const input = readStructure(shape, tree, { path: [], problems });
  if (problems.length > 0) throw new InvalidInput(problems);
  return input;
}

interface Branch {
  text: string | undefined;
  readonly children: Map<string, Branch>;
}

function growTree(form: URLSearchParams): Branch {
  const root: Branch = { text: undefined, children: new Map() };
  for (const [name, value] of form) {
    if (envelope.has(name)) continue;
    let branch = root;
    for (const part of name.split('.').slice(0, 64)) {
      let next = branch.children.get(part);
      if (next === undefined) {
        next = { text: undefined, children: new Map() };
        branch.children.set(part, next);
      }
      branch = next;
    }
    branch.text = value;
  }
  return root;
}

/** Where the reader is, and what it has found wrong so far. */
interface Place {
  readonly path: readonly string[];
  readonly problems: string[];
}

function readStructure(shape: StructureShape, branch: Branch, place: Place): Record<string, unknown> {
  const { path, problems } = place;
  const result: Record<string, unknown> = {};
  for (const [key, child] of branch.children) {
    const member = shape.byWireName.get(key);
    if (member === undefined)
      problems.push(`extraneous parameter [${[...path, key].join('.')}] is not permitted`);
    else result[member.name] = readBranch(member.shape, child, inside(place, key));
  }
  for (const member of shape.members) {
    if (member.required && result[member.name] === undefined) problems.push(missing([...path, member.name]));
  }
  return result;
}

function readBranch(shape: Shape, branch: Branch, place: Place): unknown {
  switch (shape.kind) {
    case 'structure':
      return readStructure(shape, branch, place);
    case 'list':
      return numbered(branch.children.get('member') ?? branch).map(([index, child]) =>
        readBranch(shape.member, child, inside(place, index)),
      );
    case 'map':
      return Object.fromEntries(
        numbered(branch.children.get('entry') ?? branch).map(([index, child]) => [
          child.children.get('key')?.text ?? '',
          readBranch(shape.value, child.children.get('value') ?? child, inside(place, index)),
        ]),
      );
    default:
      return fromText(shape, branch.text ?? '', place.path.join('.'));
  }
}

const inside = ({ path, problems }: Place, step: string): Place => ({ path: [...path, step], problems });

function numbered(branch: Branch): [string, Branch][] {
  return [...branch.children].sort(([left], [right]) => Number(left) - Number(right));
}
