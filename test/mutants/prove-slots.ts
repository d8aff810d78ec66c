/**
 * The proof that slots are kept to, as a program that mutants are bundled into.
 *
 *     node test/mutants/prove-slots.ts <seed> <requests>
 *
 * Prints the result as one line of JSON and ends with one of `slotsExitCodes`; any other code, node's own 1 for a defect
 * among them, says that the program itself failed.
 */
import { proveSlots } from '#test/builders/slots-proof.ts';
import { slotsExitCodes } from './proof-exit-codes.ts';

const [seed = '', requests = ''] = process.argv.slice(2);
const result = await proveSlots({ seed, requests: Number(requests) });
// A lease that leaked is renewed for ever.
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(slotsExitCodes[result.kind]));
