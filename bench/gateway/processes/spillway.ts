/** Spillway, its lines on standard output as in production. */
import { openBenchGateway } from '../bench-gateway.ts';

const { port } = await openBenchGateway({ origin: process.argv[2] ?? '' });
process.send?.({ port });
// Asked for its processor time so far: to the microsecond, where the system tells others hundredths of a second.
process.on('message', () => process.send?.(process.cpuUsage()));
process.once('disconnect', () => process.exit(0));
