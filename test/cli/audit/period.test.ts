import { expect, it } from 'vitest';
import { readPeriod, tellPeriod } from '#cli/audit/period.ts';

const line = (values: Readonly<Record<string, string>>) => ({ text: (name: string) => values[name] });

const now = Date.UTC(2026, 10, 21, 9);

it('reads days and times, and says them', () => {
  const period = readPeriod(line({ from: '2026-11-01', to: '2026-11-21' }), now);
  expect(period).toEqual({ from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 22) - 1 });
  expect(tellPeriod(period)).toBe('2026-11-01 00:00:00Z to 2026-11-21 23:59:59Z');
  expect(tellPeriod(readPeriod(line({}), now))).toBe('the beginning to now');
});

it('refuses a period that ends before it begins', () => {
  expect(() => readPeriod(line({ from: '2026-11-21', to: '2026-11-01' }), now)).toThrow(
    '--to must not be before --from: 2026-11-01 is before 2026-11-21',
  );
});

it('refuses a period that begins after now', () => {
  expect(() => readPeriod(line({ from: '2026-11-22' }), now)).toThrow(
    '--from must not be in the future: 2026-11-22 is after 2026-11-21 09:00:00Z',
  );
});

it('refuses a period that ends after today, and takes today itself', () => {
  expect(() => readPeriod(line({ to: '2026-11-22' }), now)).toThrow(
    '--to must not be after today: 2026-11-22, and it is 2026-11-21 09:00:00Z',
  );
  expect(readPeriod(line({ to: '2026-11-21' }), now)).toEqual({ to: Date.UTC(2026, 10, 22) - 1 });
});
