/** A local AWS that shares no turn of the event loop with what it judges: a busy gateway does not slow its engines. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LocalAwsOptions } from '#local/local-aws.ts';

export interface LocalAwsThread {
  readonly url: string;
  close(): Promise<void>;
}

export async function startLocalAwsThread(
  options: Pick<LocalAwsOptions, 'port' | 'timeScale'>,
): Promise<LocalAwsThread> {
  const worker = new Worker(new URL('./local-aws-worker.ts', import.meta.url), { workerData: options });
  const [url] = (await once(worker, 'message')) as [string];
  return {
    url,
    close: async () => {
      const gone = once(worker, 'exit');
      worker.postMessage('close');
      await gone;
    },
  };
}
