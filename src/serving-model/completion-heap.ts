import type { Sequence } from './sequence.ts';

/** Sequences that write, the one that is done first on top; of two that are done together, the one let in first. */
export class CompletionHeap {
  readonly #heap: Sequence[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get first(): Sequence | undefined {
    return this.#heap[0];
  }

  add(sequence: Sequence): void {
    this.#heap.push(sequence);
    this.#rise(sequence, this.#heap.length - 1);
  }

  /** One that is not there changes nothing. */
  remove(sequence: Sequence): void {
    const index = sequence.heapIndex;
    if (index < 0) return;
    sequence.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === sequence) return;
    this.#rise(last, index);
    this.#sink(last, last.heapIndex);
  }

  #rise(sequence: Sequence, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || isBefore(parent, sequence)) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(sequence, index);
  }

  #sink(sequence: Sequence, from: number): void {
    let index = from;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      if (left === undefined) break;
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (isBefore(sequence, child)) break;
      const childIndex = child.heapIndex;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(sequence, index);
  }

  #place(sequence: Sequence, index: number): void {
    this.#heap[index] = sequence;
    sequence.heapIndex = index;
  }
}

function isBefore(left: Sequence, right: Sequence): boolean {
  return left.doneAt < right.doneAt || (left.doneAt === right.doneAt && left.rank < right.rank);
}
