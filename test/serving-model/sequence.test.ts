import { describe, expect, it } from 'vitest';
import { Sequence, SequenceList } from '#serving-model/sequence.ts';

const sequence = (id: number) => new Sequence({ id, inputTokens: 30, outputTokens: 5, cachedTokens: 16 });

function idsOf(list: SequenceList): number[] {
  const ids = [];
  for (let each = list.first; each !== undefined; each = each.next) ids.push(each.id);
  return ids;
}

describe('sequences', () => {
  it('miss what of their tokens is not in the cache', () => {
    const one = sequence(1);
    expect(one.missing).toBe(14);
    one.written = 3;
    expect(one.missing).toBe(17);
  });

  it('stand in the order in which they came, may come to the front, and leave from anywhere', () => {
    const list = new SequenceList();
    const [one, two, three, four] = [1, 2, 3, 4].map(sequence);
    if (!one || !two || !three || !four) throw new Error('four were made');
    list.append(two);
    list.append(three);
    list.prepend(one);
    list.append(four);
    expect([idsOf(list), list.size, list.last?.id]).toEqual([[1, 2, 3, 4], 4, 4]);
    list.remove(two);
    list.remove(four);
    list.remove(one);
    expect([idsOf(list), list.size, list.first, list.last]).toEqual([[3], 1, three, three]);
    list.remove(three);
    expect([list.size, list.first, list.last]).toEqual([0, undefined, undefined]);
    list.append(one);
    expect(idsOf(list)).toEqual([1]);
  });
});
