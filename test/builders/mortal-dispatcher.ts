/** A dispatcher in this process that dies when it is told: nothing that it asked for comes back any more. */
import type { GatewayRuntime } from '#runtime/gateway-runtime.ts';
import { createDispatcher, type DispatcherOptions } from '#runtime/open-batches.ts';
import type { BatchDesk } from '#usecases/batch/batch-services.ts';

export interface MortalDispatcher {
  kill(): void;
}

export function startMortalDispatcher(
  { gateway, openBatches }: GatewayRuntime,
  how: Pick<DispatcherOptions, 'config' | 'pace' | 'hiddenSeconds'> & { readonly messagesMax: number },
): MortalDispatcher {
  if (openBatches === undefined) throw new Error('batches are switched off');
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          if (dead) return never;
          const answer: unknown = member.apply(target, given);
          // What a dead process asked for is done all the same; it only never hears of it.
          return answer instanceof Promise ? answer.then((value) => (dead ? never : value)) : answer;
        };
      },
    });
  const stop = new AbortController();
  const open = async (): Promise<BatchDesk> => {
    const desk = await openBatches();
    return { ...desk, store: mortal(desk.store), objects: mortal(desk.objects), queue: mortal(desk.queue) };
  };
  const dispatcher = createDispatcher({ ...how, open, gateway: mortal(gateway) });
  void dispatcher.run({ messagesMax: how.messagesMax, stop: stop.signal });
  return {
    kill() {
      dead = true;
      stop.abort();
    },
  };
}
