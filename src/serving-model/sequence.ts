/** One request inside an engine that batches continuously. It belongs to one engine and changes with it. */
export class Sequence {
  readonly id: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Waits for room, has its prompt read, or writes its answer. */
  phase: 'waiting' | 'reading' | 'writing' = 'waiting';
  /** Tokens of output that are out; while it writes, those that were out when it began to. */
  written = 0;
  /** Tokens that lie in the cache while it waits or reads. */
  cached: number;
  /** Of its prompt, in each iteration while it reads. */
  chunkTokens = 0;
  /** Iterations after which it is done, while it writes. */
  doneAt = 0;
  /** What it has in the cache less the iterations that are over, while it writes: both grow by one in each. */
  cachedOffset = 0;
  /** Its place among all that were let in. */
  rank = 0;
  heapIndex = -1;
  previous: Sequence | undefined;
  next: Sequence | undefined;

  constructor(request: {
    readonly id: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedTokens: number;
  }) {
    this.id = request.id;
    this.inputTokens = request.inputTokens;
    this.outputTokens = request.outputTokens;
    this.cached = request.cachedTokens;
  }

  /** Tokens that are there and not in the cache yet, while it waits or reads. */
  get missing(): number {
    return this.inputTokens + this.written - this.cached;
  }
}

/** Sequences in a row; each stands in one list at most. */
export class SequenceList {
  first: Sequence | undefined;
  last: Sequence | undefined;
  size = 0;

  append(sequence: Sequence): void {
    sequence.previous = this.last;
    sequence.next = undefined;
    if (this.last === undefined) this.first = sequence;
    else this.last.next = sequence;
    this.last = sequence;
    this.size += 1;
  }

  prepend(sequence: Sequence): void {
    sequence.previous = undefined;
    sequence.next = this.first;
    if (this.first === undefined) this.last = sequence;
    else this.first.previous = sequence;
    this.first = sequence;
    this.size += 1;
  }

  remove(sequence: Sequence): void {
    const { previous, next } = sequence;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    sequence.previous = undefined;
    sequence.next = undefined;
    this.size -= 1;
  }
}
