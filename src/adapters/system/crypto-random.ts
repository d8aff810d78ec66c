/** Chance from the operating system, where a seed would make every process choose alike. */
import { randomBytes } from 'node:crypto';
import type { Random } from '#core/units/random.ts';

const TWO_TO_32 = 4_294_967_296;

export const cryptoRandom: Random = { next: () => randomBytes(4).readUInt32BE() / TWO_TO_32 };
