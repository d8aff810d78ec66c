import type { SimulatedAnswer } from '../world/simulated-answer.ts';
import type { Ended } from '../world/world.ts';
import type { Judge, Report } from './judge.ts';

interface Followed {
  readonly calls: SimulatedAnswer[];
  ended: number;
  recorded: number;
  told?: Ended;
  outputTokens?: number | undefined;
}

/**
 * Every request ends once and is settled once; an answer is whole or says that it is not; what its caller was shown is
 * what one target wrote and what is charged for; as many calls are told as were sent.
 */
export function answerJudge(): Judge {
  const open = new Map<string, Followed>();
  const over = new Set<string>();
  const follow = (id: string): Followed => {
    const known = open.get(id);
    if (known !== undefined) return known;
    const made: Followed = { calls: [], ended: 0, recorded: 0 };
    open.set(id, made);
    return made;
  };
  const close = (id: string, followed: Followed, report: Report): void => {
    if (followed.ended === 0 || (followed.recorded === 0 && followed.told?.status !== 421)) return;
    judgeWhole(id, followed, report);
    open.delete(id);
    over.add(id);
  };
  const isOver = (id: string, again: string, report: Report): boolean => {
    if (over.has(id)) report(`${id} ${again} after it was over`);
    return over.has(id);
  };
  return {
    name: 'answer',
    phase: 'safety',
    sent: ({ request, isWakeUp, answer }, report) => {
      if (request === undefined || isWakeUp) return;
      const id = `request-${request.id}`;
      if (!isOver(id, 'sent a call', report)) follow(id).calls.push(answer);
    },
    recorded: ({ requestId, outputTokens }, report) => {
      if (isOver(requestId, 'was settled', report)) return;
      const followed = follow(requestId);
      followed.recorded += 1;
      followed.outputTokens = outputTokens;
      if (followed.recorded > 1) report(`${requestId} was settled ${followed.recorded} times`);
      close(requestId, followed, report);
    },
    ended: (told, report) => {
      const id = `request-${told.request.id}`;
      if (isOver(id, 'ended', report)) return;
      const followed = follow(id);
      followed.ended += 1;
      followed.told = told;
      if (followed.ended > 1) report(`${id} ended ${followed.ended} times`);
      close(id, followed, report);
    },
    atRest: (report) => {
      for (const [id, { ended, recorded }] of open)
        report(`${id} ended ${ended} times and was settled ${recorded} times when all was at rest`);
    },
  };
}

function judgeWhole(id: string, { calls, told, outputTokens }: Followed, report: Report): void {
  if (told === undefined) return;
  const { view, status } = told;
  const { ends, breaks, shownTokens } = view;
  if (ends + breaks > 1) report(`${id} was told ${ends} ends and ${breaks} breaks`);
  const leaves = told.request.leavesAfterMs !== undefined;
  if (status === 200 && ends + breaks === 0 && !leaves) report(`${id} was answered without an end`);
  if (status !== 200 && shownTokens > 0)
    report(`${id} was refused with ${status} after ${shownTokens} tokens`);
  if (told.attempts !== calls.length && status !== 421)
    report(`${id} was told ${told.attempts} calls, ${calls.length} were sent`);
  if (ends === 0) return;
  const last = calls.at(-1);
  if (view.madeBytes !== view.receivedBytes)
    report(`${id} was made ${view.madeBytes} pieces, and ${view.receivedBytes} came`);
  if (last?.isWhole !== true) report(`${id} was told an end that its target did not come to`);
  if (last?.writtenTokens !== shownTokens)
    report(`${id} was shown ${shownTokens} tokens as whole, its target wrote ${last?.writtenTokens}`);
  if (outputTokens !== shownTokens)
    report(`${id} was shown ${shownTokens} tokens and charged for ${outputTokens}`);
}
