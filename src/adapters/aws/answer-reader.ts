/** Narrow readers of an upstream's JSON: what is there must have the right type, or the answer is malformed. */
import { parseExactJson } from '#core/units/exact-json.ts';

/** An answer that breaks its contract. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function parseJsonObject(text: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedAnswer(`${what} is not JSON`);
  }
  return objectIn(value, what);
}

/** The same with every number as it was written: for an answer whose members go on as JSON. @throws MalformedAnswer */
export function parseExactJsonObject(text: string, what: string): JsonObject {
  try {
    return objectIn(parseExactJson(text), what);
  } catch (error) {
    throw error instanceof MalformedAnswer ? error : new MalformedAnswer(`${what} is not JSON`);
  }
}

export function objectIn(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedAnswer(`${what} must be an object`);
  }
  return value as JsonObject;
}

export function optionalObject(value: unknown, what: string): JsonObject | undefined {
  return value === undefined || value === null ? undefined : objectIn(value, what);
}

export function stringIn(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new MalformedAnswer(`${what} must be a string`);
  return value;
}

export function optionalString(value: unknown, what: string): string | undefined {
  return value === undefined || value === null ? undefined : stringIn(value, what);
}

export function countIn(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new MalformedAnswer(`${what} must be a whole number of 0 or more`);
  }
  return value;
}

export function optionalCount(value: unknown, what: string): number | undefined {
  return value === undefined || value === null ? undefined : countIn(value, what);
}

export function arrayIn(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedAnswer(`${what} must be a list`);
  return value;
}

export function vectorIn(value: unknown, what: string): readonly number[] {
  const vector = arrayIn(value, what);
  if (vector.every((part): part is number => typeof part === 'number' && Number.isFinite(part)))
    return vector;
  throw new MalformedAnswer(`${what} must be a list of numbers`);
}
