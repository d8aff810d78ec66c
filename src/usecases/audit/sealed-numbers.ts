/** Numbers of the last records that were sealed: what a queue gives twice is dropped by them. */
export interface SealedNumbers {
  has(number: string): boolean;
  add(number: string): void;
}

/** @param countMax forgets the oldest beyond it */
export function createSealedNumbers(countMax: number): SealedNumbers {
  const numbers = new Set<string>();
  return {
    has: (number) => numbers.has(number),
    add(number) {
      numbers.add(number);
      if (numbers.size <= countMax) return;
      for (const oldest of numbers) {
        numbers.delete(oldest);
        return;
      }
    },
  };
}
