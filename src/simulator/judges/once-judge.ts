import type { Judge } from './judge.ts';

/** A request asks no target twice: who failed it once would only make it wait again. */
export function onceJudge(): Judge {
  const asked = new Map<number, Set<string>>();
  return {
    name: 'once',
    phase: 'safety',
    sent: ({ request, isWakeUp, target }, report) => {
      if (request === undefined || isWakeUp) return;
      const targets = asked.get(request.id) ?? new Set();
      asked.set(request.id, targets);
      if (targets.has(target.id)) report(`request ${request.id} asked ${target.id} again`);
      targets.add(target.id);
    },
    ended: ({ request }) => void asked.delete(request.id),
  };
}
