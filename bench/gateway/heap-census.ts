/**
 * What lies in a heap, by kind. The heap's size alone does not tell a leak from V8's own work: compiled code, what it
 * knows of types and the lists of what depends on that come and go for as long as a process lives.
 */
import { readFileSync } from 'node:fs';

export interface HeapCensus {
  /** Everything that the program can keep: objects, closures, strings, lists, buffers, shapes, weak references. */
  readonly keptBytes: number;
  /** V8's machine code, byte code and feedback, and its lists of the code that depends on a shape. */
  readonly compiledBytes: number;
  /** Kept bytes by kind and name, such as `closure onTimeout`; strings in one. */
  readonly bytesByName: ReadonlyMap<string, number>;
}

/** V8's format: rows of numbers, whose columns and kinds stand in the head. */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/** @param path a file that `v8.writeHeapSnapshot` wrote */
export function takeCensus(path: string): HeapCensus {
  const heap = JSON.parse(readFileSync(path, 'utf8')) as HeapSnapshot;
  const { meta } = heap.snapshot;
  const width = meta.node_fields.length;
  const column = (name: string) => meta.node_fields.indexOf(name);
  const [kindAt, nameAt, bytesAt] = [column('type'), column('name'), column('self_size')];
  const kinds = meta.node_types[0];
  const dependents = dependentCode(heap);
  const bytesByName = new Map<string, number>();
  let [keptBytes, compiledBytes] = [0, 0];
  for (let row = 0; row < heap.nodes.length; row += width) {
    const kind = kinds[heap.nodes[row + kindAt] ?? -1] ?? '';
    const bytes = heap.nodes[row + bytesAt] ?? 0;
    if (kind === 'code' || dependents.has(row)) {
      compiledBytes += bytes;
      continue;
    }
    keptBytes += bytes;
    const name = kind.includes('string')
      ? 'strings'
      : `${kind} ${heap.strings[heap.nodes[row + nameAt] ?? -1]}`;
    bytesByName.set(name, (bytesByName.get(name) ?? 0) + bytes);
  }
  return { keptBytes, compiledBytes, bytesByName };
}

/** Rows of the lists in which V8 keeps, for a shape, the optimised code that is void when the shape changes. */
function dependentCode({ snapshot: { meta }, nodes, edges, strings }: HeapSnapshot): ReadonlySet<number> {
  const nodeWidth = meta.node_fields.length;
  const edgeWidth = meta.edge_fields.length;
  const countAt = meta.node_fields.indexOf('edge_count');
  const internal = meta.edge_types[0].indexOf('internal');
  const found = new Set<number>();
  let edge = 0;
  for (let row = 0; row < nodes.length; row += nodeWidth) {
    for (let left = nodes[row + countAt] ?? 0; left > 0; left -= 1, edge += edgeWidth) {
      // An edge is its kind, its name and the row that it leads to; only of some kinds the name is a string.
      if (edges[edge] === internal && strings[edges[edge + 1] ?? -1] === 'dependent_code')
        found.add(edges[edge + 2] ?? -1);
    }
  }
  return found;
}

/** Names that grew most from one census to a later one, with the bytes. */
export function grownMost(
  before: HeapCensus,
  after: HeapCensus,
  countMax: number,
): readonly (readonly [string, number])[] {
  return [...after.bytesByName]
    .map(([name, bytes]) => [name, bytes - (before.bytesByName.get(name) ?? 0)] as const)
    .filter(([, bytes]) => bytes > 0)
    .sort(([, one], [, other]) => other - one)
    .slice(0, countMax);
}
