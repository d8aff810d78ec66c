/**
 * The proof as a program, for the copies of the project that the mutants are applied to.
 *
 *     node test/mutants/prove-residency.ts <seed> <worlds> <requests per world> <decisions per world>
 *
 * Prints one line of JSON. Exit codes: 0 the residency held · 1 it was broken · 2 it held, but a request that could be
 * answered was not · anything else: the program itself failed.
 */
import { proveResidency } from '#test/builders/residency-world-proof.ts';

const [seed = '', ...numbers] = process.argv.slice(2);
const [worlds = 0, requestsPerWorld = 0, decisionsPerWorld = 0] = numbers.map(Number);
const result = await proveResidency({ seed, worlds, requestsPerWorld, decisionsPerWorld });
process.stdout.write(`${JSON.stringify(result)}\n`);
const exitCodes = { held: 0, sent: 1, decided: 1, published: 1, denied: 2 } as const;
process.exitCode = exitCodes[result.kind];
