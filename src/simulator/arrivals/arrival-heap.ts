/** A binary heap of numbered things by time; at one time, by number. Small: one entry a source, or a step that is due. */
export class ArrivalHeap<Item> {
  readonly #entries: { readonly dueMs: number; readonly order: number; readonly item: Item }[] = [];
  #pushed = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** Infinity where it is empty. */
  nextMs(): number {
    return this.#entries[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  peek(): Item | undefined {
    return this.#entries[0]?.item;
  }

  /** @param order who goes first at one time. @default - in the order of the pushes */
  push(dueMs: number, item: Item, order = this.#pushed): void {
    this.#pushed += 1;
    const entries = this.#entries;
    const entry = { dueMs, order, item };
    let index = entries.length;
    entries.push(entry);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const other = entries[above];
      if (other === undefined || isBefore(other, entry)) break;
      entries[index] = other;
      index = above;
    }
    entries[index] = entry;
  }

  pop(): Item | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first?.item;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = entries[below];
      if (child === undefined) break;
      const right = entries[below + 1];
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        below += 1;
      }
      if (isBefore(last, child)) break;
      entries[index] = child;
      index = below;
    }
    entries[index] = last;
    return first.item;
  }
}

interface Placed {
  readonly dueMs: number;
  readonly order: number;
}

function isBefore(one: Placed, other: Placed): boolean {
  return one.dueMs === other.dueMs ? one.order < other.order : one.dueMs < other.dueMs;
}
