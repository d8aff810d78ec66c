/** The local AWS in a thread of its own: tells its address, and closes when it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { createLocalAws } from '#local/local-aws.ts';

const aws = await createLocalAws(workerData);
parentPort?.once('message', () => void aws.close().then(() => parentPort?.close()));
parentPort?.postMessage(aws.url);
