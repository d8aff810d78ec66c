import { expect, it } from 'vitest';
import { ampleRoom } from '#core/capacity/room.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createRoomBook } from '#usecases/gateway/room-book.ts';

it('believes what an answer from elsewhere said for 50 to 100 ms, by chance', () => {
  const book = createRoomBook(createSeededRandom(1));
  const lasted = Array.from({ length: 50 }, (_, index) => {
    const target = `target-${index}`;
    book.turnedAway(target, { lane: 'interactive', at: 1000, asked: true });
    let ms = 0;
    while (book.fullFor('bulk', 1000 + ms).has(target)) ms += 1;
    return ms;
  });
  expect(Math.min(...lasted)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...lasted)).toBeLessThanOrEqual(100);
  expect(new Set(lasted).size).toBeGreaterThan(5);
});

it('believes nothing that can be asked for nothing, and keeps its return reserve', () => {
  const book = createRoomBook(createSeededRandom(1));
  book.turnedAway('target', { lane: 'standard', at: 1000, asked: false });
  expect(book.fullFor('standard', 1000).size).toBe(0);
  expect(book.of('target').spillsFrom).toBe(1);
});

it('believes a refusal of guests for guests alone', () => {
  const book = createRoomBook(createSeededRandom(1));
  book.guestTurnedAway('target', { lane: 'standard', at: 1000 });
  const known = (lane: 'interactive' | 'standard' | 'bulk', at: number) =>
    book.isFullForGuests('target', lane, at);
  expect([known('standard', 1049), known('bulk', 1049)]).toEqual([true, true]);
  expect([known('interactive', 1049), known('standard', 1100)]).toEqual([false, false]);
  expect(book.of('target')).toBe(ampleRoom);
  expect(book.fullFor('bulk', 1000).size).toBe(0);
});

it('knows no more of a target that has let every lane in', () => {
  const book = createRoomBook(createSeededRandom(1));
  book.turnedAway('target', { lane: 'interactive', at: 1000, asked: true });
  book.letIn('target', 'bulk');
  expect(book.of('target')).toBe(ampleRoom);
});
