import { describe, expect, it } from 'vitest';
import { createMemoryWorkQueue } from '#adapters/memory/memory-work-queue.ts';
import { parseHandedRecord } from '#core/audit/chain-lines.ts';
import type { AuditRecord, HandedRecord } from '#core/audit/handed-record.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createQueuedTrail, GATHER_MS } from '#usecases/audit/hand-over.ts';
import type { WorkQueue } from '#usecases/ports/work-queue.ts';
import { describeAuditTrail } from '../../port-suites/audit-trail.suite.ts';

const queue = 'acme-audit';

function aTrail(changes: { readonly send?: WorkQueue['send']; readonly leap?: boolean } = {}) {
  const { leap = true } = changes;
  const clock = createVirtualClock(Date.UTC(2026, 10, 21, 9), { leap });
  const work = createMemoryWorkQueue(clock);
  const lines: { event: string; facts: Readonly<Record<string, unknown>> }[] = [];
  const calls: string[][] = [];
  let unsent = 0;
  const send: WorkQueue['send'] = async (name, bodies) => {
    calls.push([...bodies]);
    await (changes.send ?? work.send)(name, bodies);
  };
  const trail = createQueuedTrail({
    ...{ queue, writer: 'writer-1', clock },
    open: async () => ({ send }),
    log: { write: (_level, event, facts = {}) => void lines.push({ event, facts }) },
    metrics: {
      unsent: (count) => {
        unsent += count;
      },
    },
  });
  const signal = new AbortController().signal;
  const handed = async (): Promise<readonly HandedRecord[]> => {
    const all: HandedRecord[] = [];
    for (;;) {
      const messages = await work.receive(queue, {
        ...{ messagesMax: 10, waitSeconds: 0, hiddenSeconds: 3_600, signal },
      });
      if (messages.length === 0) return all;
      for (const message of messages) {
        const parsed = parseHandedRecord(message.body);
        if (parsed !== undefined) all.push(parsed);
        await work.remove(queue, message);
      }
    }
  };
  return { trail, clock, handed, calls, lines, unsent: () => unsent };
}

describeAuditTrail('a queue', async () => {
  const { trail, handed } = aTrail();
  return {
    trail,
    handedOver: async () => (await handed()).map(({ record }) => record),
    close: async () => undefined,
  };
});

const aRecord = (sequence: number): AuditRecord => aHandedRecord(sequence).record;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('handing records over', () => {
  it('numbers them, from 1 on', async () => {
    const { trail, handed } = aTrail();
    for (const sequence of [7, 8, 9]) trail.record(aRecord(sequence));
    await trail.settled();
    const all = await handed();
    expect(all.map(({ writer, number, record }) => [writer, number, record.id])).toEqual([
      ['writer-1', 1, 'decision-7'],
      ['writer-1', 2, 'decision-8'],
      ['writer-1', 3, 'decision-9'],
    ]);
  });

  it('sends several in one call where nobody waits, and the rest after a moment', async () => {
    const { trail, calls, clock } = aTrail({ leap: false });
    for (let sequence = 1; sequence <= 12; sequence += 1) trail.record(aRecord(sequence));
    await tick();
    expect(calls.map(({ length }) => length)).toEqual([10]);
    clock.advance(GATHER_MS);
    await tick();
    expect(calls.map(({ length }) => length)).toEqual([10, 2]);
  });

  it('calls nobody where nothing was recorded', async () => {
    const { trail, calls } = aTrail();
    await trail.settled();
    expect(calls).toEqual([]);
  });

  it('puts no more into a call than the queue takes', async () => {
    const { trail, calls, handed } = aTrail();
    const long = 'x'.repeat(100_000);
    for (let sequence = 1; sequence <= 5; sequence += 1) trail.record({ ...aRecord(sequence), long });
    await trail.settled();
    expect(calls.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(await handed()).toHaveLength(5);
  });

  it.each([
    [0, [2]],
    [1, [1, 1]],
  ])('counts the bytes of a call to the last one: %i too many', async (tooMany, sizes) => {
    const { trail, calls, handed } = aTrail();
    const bytesOf = (long: string) =>
      Buffer.byteLength(JSON.stringify({ writer: 'writer-1', number: 1, record: { ...aRecord(1), long } }));
    // Characters of two, three and four bytes, and one that is half of a pair.
    const rest = 120_000 - bytesOf('é€😀\ud800');
    for (const more of [0, tooMany])
      trail.record({ ...aRecord(1), long: `é€😀\ud800${'x'.repeat(rest + more)}` });
    await trail.settled();
    expect(calls.map(({ length }) => length)).toEqual(sizes);
    expect(await handed()).toHaveLength(2);
  });

  it('writes a record as it came: only the sealer needs its canonical form', async () => {
    const { trail, calls } = aTrail();
    const { id, ...members } = aRecord(1);
    const record = { zone: 'z', ...members, id };
    trail.record(record);
    await trail.settled();
    expect(calls).toEqual([[JSON.stringify({ writer: 'writer-1', number: 1, record })]]);
  });

  it('tries again where the queue fails for a moment', async () => {
    let fails = 2;
    const { trail, lines, calls } = aTrail({
      send: async () => {
        if (fails-- > 0) throw new Error('away');
      },
    });
    trail.record(aRecord(1));
    await trail.settled();
    expect({ calls: calls.length, lines }).toEqual({ calls: 3, lines: [] });
  });

  it('tells a record that no queue takes in the log, whole, and counts it', async () => {
    const { trail, lines, unsent } = aTrail({ send: async () => Promise.reject(new Error('away')) });
    trail.record(aRecord(1));
    await trail.settled();
    expect(unsent()).toBe(1);
    const [{ event, facts } = { event: '', facts: {} }] = lines;
    expect({ event, id: facts.id, number: facts.number, reason: facts.reason }).toEqual({
      ...{ event: 'audit-record-unsent', id: 'decision-1', number: 1, reason: 'away' },
    });
    // What the line holds can be sent to the queue as it is.
    expect(parseHandedRecord(String(facts.message))).toEqual({
      ...{ writer: 'writer-1', number: 1, record: aRecord(1) },
    });
  });

  it('leaves a queue alone that is away, and comes back to it', async () => {
    let away = true;
    const { trail, lines, calls, clock } = aTrail({
      send: async () => {
        if (away) throw new Error('away');
      },
    });
    for (const sequence of [1, 2]) {
      trail.record(aRecord(sequence));
      await trail.settled();
    }
    expect({ calls: calls.length, lines: lines.length }).toEqual({ calls: 3, lines: 2 });
    away = false;
    clock.advance(10_000);
    trail.record(aRecord(3));
    await trail.settled();
    expect({ calls: calls.length, lines: lines.length }).toEqual({ calls: 4, lines: 2 });
  });

  it('tells what the queue has not taken when nobody waits longer, once, and holds up nobody after that', async () => {
    const stuck = Promise.withResolvers<void>();
    const { trail, lines, calls, clock } = aTrail({ send: () => stuck.promise, leap: false });
    for (let sequence = 1; sequence <= 45; sequence += 1) trail.record(aRecord(sequence));
    const over = trail.settled(2_500);
    await tick();
    clock.advance(2_499);
    await tick();
    expect({ calls: calls.length, lines: lines.length }).toEqual({ calls: 4, lines: 0 });
    clock.advance(1);
    await over;
    const numbers = lines.map(({ facts }) => Number(facts.number)).sort((left, right) => left - right);
    expect(numbers).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
    trail.record(aRecord(46));
    await trail.settled(2_500);
    expect(lines.map(({ facts }) => facts.number)).toContain(46);
    stuck.reject(new Error('away'));
    await tick();
    clock.advance(10_000);
    await tick();
    expect({ calls: calls.length, lines: lines.length }).toEqual({ calls: 4, lines: 46 });
  });

  it('waits no longer than it takes where somebody waits so long', async () => {
    const { trail, lines, handed } = aTrail({ leap: false });
    trail.record(aRecord(1));
    await trail.settled(2_500);
    expect({ lines, handed: (await handed()).length }).toEqual({ lines: [], handed: 1 });
  });

  it('keeps no more than a thousand that wait, and tells the others at once', async () => {
    const stuck = Promise.withResolvers<void>();
    const { trail, lines, unsent } = aTrail({ send: () => stuck.promise });
    for (let sequence = 1; sequence <= 1_100; sequence += 1) trail.record(aRecord(sequence));
    // Four calls of ten are under way, a thousand wait.
    expect({ lines: lines.length, unsent: unsent() }).toEqual({ lines: 60, unsent: 60 });
    stuck.resolve();
    await trail.settled();
    expect(unsent()).toBe(60);
  });

  it('tells one that is too long for any call, and sends those after it', async () => {
    const { trail, lines, handed } = aTrail();
    trail.record({ ...aRecord(1), long: 'x'.repeat(300_000) });
    trail.record(aRecord(2));
    await trail.settled();
    expect(lines.map(({ facts }) => facts.number)).toEqual([1]);
    expect((await handed()).map(({ number }) => number)).toEqual([2]);
  });

  it('throws nothing, whatever is recorded', async () => {
    const { trail, lines } = aTrail();
    trail.record({ ...aRecord(1), bad: 1n });
    trail.record(aRecord(2));
    await trail.settled();
    expect(lines.map(({ event, facts }) => [event, facts.number])).toEqual([['audit-record-unsent', 1]]);
  });
});
