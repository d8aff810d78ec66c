/** Spillway, its lines on standard output as in production. */
import { openBenchGateway } from '../bench-gateway.ts';

const { port } = await openBenchGateway({ origin: process.argv[2] ?? '' });
process.send?.({ port });
process.once('disconnect', () => process.exit(0));
