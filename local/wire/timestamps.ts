import type { TimestampFormat } from './shape.ts';

/** A point in time as a protocol writes it; `undefined` where the text is not one. */
export function parseTimestamp(value: string | number, format: TimestampFormat): Date | undefined {
  const date = typeof value === 'number' ? new Date(value * 1000) : parseText(value, format);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function parseText(value: string, format: TimestampFormat): Date {
  if (format === 'epoch-seconds') return new Date(value.trim() === '' ? Number.NaN : Number(value) * 1000);
  return new Date(value);
}

/** The same, written. Epoch seconds keep milliseconds as decimals. */
export function formatTimestamp(date: Date, format: TimestampFormat): string | number {
  if (format === 'epoch-seconds') return date.getTime() / 1000;
  return format === 'http-date' ? date.toUTCString() : date.toISOString();
}
