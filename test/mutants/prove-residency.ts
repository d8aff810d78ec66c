/**
 * The proof as a program that mutants are bundled into.
 *
 *     node test/mutants/prove-residency.ts <seed> <worlds> <requests per world> <decisions per world>
 *
 * Prints the result as one line of JSON and ends with one of `proofExitCodes`; any other code, node's own 1 for a
 * defect among them, says that the program itself failed.
 */
import { proveResidency } from '#test/builders/residency-world-proof.ts';
import { proofExitCodes } from './proof-exit-codes.ts';

const [seed = '', ...numbers] = process.argv.slice(2);
const [worlds = 0, requestsPerWorld = 0, decisionsPerWorld = 0] = numbers.map(Number);
const result = await proveResidency({ seed, worlds, requestsPerWorld, decisionsPerWorld });
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = proofExitCodes[result.kind];
