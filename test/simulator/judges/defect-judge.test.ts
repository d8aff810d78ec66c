import { describe, expect, it } from 'vitest';
import { defectJudge } from '#simulator/judges/defect-judge.ts';
import { reportsOf } from '#test/builders/judged-history.ts';

describe('the judge of defects', () => {
  it('reports each word by which the product calls itself defective, with the facts', () => {
    const { reports, defect } = reportsOf(defectJudge());
    for (const event of ['internal-error', 'stream-defect', 'request-rejected']) defect(event, { id: 1 });
    expect(reports).toEqual([
      'internal-error {"id":1}',
      'stream-defect {"id":1}',
      'request-rejected {"id":1}',
    ]);
  });

  it('is silent where the product tells of trouble that is not its own', () => {
    const { reports, defect } = reportsOf(defectJudge());
    defect('routes-stale', { region: 'us-east-1' });
    expect(reports).toEqual([]);
  });
});
