import { describe, expect, it } from 'vitest';
import { answerJudge } from '#simulator/judges/answer-judge.ts';
import { aRequestRecord } from '#test/builders/a-request-record.ts';
import { anEnding, aSentCall, aSimulatedRequest, reportsOf } from '#test/builders/judged-history.ts';

const judged = () => reportsOf(answerJudge());
const settled = (outputTokens: number | undefined = 50) =>
  aRequestRecord({ requestId: 'request-1', outputTokens });

/** Request 1, answered by one call whose target wrote fifty tokens; all of it as it should be, but for the changes. */
function oneRequest(
  changes: Parameters<typeof anEnding>[0] = {},
  { writtenTokens = 50, outputTokens = 50 }: { writtenTokens?: number; outputTokens?: number } = {},
): readonly string[] {
  const { reports, sent, recorded, ended, atRest } = judged();
  sent(aSentCall({ writtenTokens }));
  recorded(settled(outputTokens));
  ended(anEnding(changes));
  atRest();
  return reports;
}

describe('the judge of answers', () => {
  it('is silent about a whole answer, whether it is settled before its caller has it or after', () => {
    expect(oneRequest()).toEqual([]);
    const { reports, sent, recorded, ended, atRest } = judged();
    sent(aSentCall({ writtenTokens: 50 }));
    ended(anEnding());
    recorded(settled());
    atRest();
    expect(reports).toEqual([]);
  });

  it('is silent about an answer of the second call, told as two', () => {
    const { reports, sent, recorded, ended } = judged();
    sent(aSentCall());
    sent(aSentCall({ writtenTokens: 50 }));
    recorded(settled());
    ended(anEnding({ attempts: 2 }));
    expect(reports).toEqual([]);
  });

  it.each([
    ['that says of itself that it broke', { ends: 0, breaks: 1, shownTokens: 20 }],
    ['of which nobody waited for the end', { ends: 0, request: aSimulatedRequest({ leavesAfterMs: 5 }) }],
    ['that is a refusal', { ends: 0, status: 503, shownTokens: 0 }],
  ])('is silent about an answer %s', (_, changes) => {
    expect(oneRequest(changes)).toEqual([]);
  });

  it('expects nothing of a gateway that may not hold the prompt', () => {
    const { reports, ended, atRest } = judged();
    ended(anEnding({ status: 421, ends: 0, shownTokens: 0, attempts: 0 }));
    atRest();
    expect(reports).toEqual([]);
  });

  it.each([
    ['two ends', { ends: 2 }, 'was told 2 ends and 0 breaks'],
    ['a break after its end', { breaks: 1 }, 'was told 1 ends and 1 breaks'],
    ['neither end nor break', { ends: 0 }, 'was answered without an end'],
    ['content and then a refusal', { ends: 0, status: 503 }, 'was refused with 503 after 50 tokens'],
    ['more calls than there were', { attempts: 2 }, 'was told 2 calls, 1 were sent'],
    ['no call', { attempts: 0 }, 'was told 0 calls, 1 were sent'],
  ])('reports a caller who was told %s', (_, changes, what) => {
    expect(oneRequest(changes)).toEqual([`request-1 ${what}`]);
  });

  it('reports tokens that its target did not write, or that are charged otherwise', () => {
    expect(oneRequest({}, { writtenTokens: 51 })).toEqual([
      'request-1 was shown 50 tokens as whole, its target wrote 51',
    ]);
    expect(oneRequest({}, { outputTokens: 49 })).toEqual([
      'request-1 was shown 50 tokens and charged for 49',
    ]);
  });

  it('reports a piece that was made and did not come', () => {
    const { reports, sent, recorded, ended } = judged();
    sent(aSentCall({ writtenTokens: 50 }));
    recorded(settled());
    const ending = anEnding();
    ending.view.receivedBytes = 0;
    ended(ending);
    expect(reports).toEqual(['request-1 was made 1 pieces, and 0 came']);
  });

  it('reports an end that its target did not come to', () => {
    const { reports, sent, recorded, ended } = judged();
    sent(aSentCall({ writtenTokens: 50, isWhole: false }));
    recorded(settled());
    ended(anEnding());
    expect(reports).toEqual(['request-1 was told an end that its target did not come to']);
  });

  it('reports an answer that two targets wrote', () => {
    const { reports, sent, recorded, ended } = judged();
    sent(aSentCall({ writtenTokens: 20 }));
    sent(aSentCall({ writtenTokens: 30 }));
    recorded(settled());
    ended(anEnding({ attempts: 2 }));
    expect(reports).toEqual(['request-1 was shown 50 tokens as whole, its target wrote 30']);
  });

  it.each([
    [
      'ended',
      (to: ReturnType<typeof judged>) =>
        to.ended(anEnding({ attempts: 0, ends: 0, status: 503, shownTokens: 0 })),
    ],
    ['was settled', (to: ReturnType<typeof judged>) => to.recorded(settled())],
  ])('reports a request that %s twice, and only that', (what, again) => {
    const before = judged();
    again(before);
    again(before);
    expect(before.reports).toEqual([`request-1 ${what} 2 times`]);
    const after = judged();
    after.sent(aSentCall({ writtenTokens: 50 }));
    after.recorded(settled());
    after.ended(anEnding());
    again(after);
    after.atRest();
    expect(after.reports).toEqual([`request-1 ${what} after it was over`]);
  });

  it('reports a call for a request that is over, and none that only wakes a target', () => {
    const { reports, sent, recorded, ended } = judged();
    sent(aSentCall({ isWakeUp: true }));
    sent(aSentCall({ writtenTokens: 50 }));
    recorded(settled());
    ended(anEnding());
    sent(aSentCall({ isWakeUp: true }));
    expect(reports).toEqual([]);
    sent(aSentCall());
    expect(reports).toEqual(['request-1 sent a call after it was over']);
  });

  it('reports at rest what never ended, and what was never settled', () => {
    const { reports, sent, recorded, ended, atRest } = judged();
    recorded(settled());
    ended(anEnding({ request: aSimulatedRequest({ id: 2 }) }));
    sent(aSentCall({ request: aSimulatedRequest({ id: 3 }) }));
    expect(reports).toEqual([]);
    atRest();
    const rest = 'times when all was at rest';
    expect(reports).toEqual([
      `request-1 ended 0 times and was settled 1 ${rest}`,
      `request-2 ended 1 times and was settled 0 ${rest}`,
      `request-3 ended 0 times and was settled 0 ${rest}`,
    ]);
  });
});
