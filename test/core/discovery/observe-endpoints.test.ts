import { describe, expect, it } from 'vitest';
import { answered, failed, run, runAccount, runRegion, targetOf } from '#test/builders/region-run.ts';

const dedicated = [{ endpoint: 'gpu', servedModel: 'chat-small' }];
const id = `${runAccount}/${runRegion}/gpu`;
const observed = (changes: Parameters<typeof run>[0]) => targetOf(run({ dedicated, ...changes }), id);
const status = (word: string, copiesInService: number, copiesDesired = copiesInService) =>
  answered({ status: word, copiesInService, copiesDesired });

describe('a dedicated endpoint', () => {
  it.each([
    ['InService', 2, 2, 'warm'],
    ['Updating', 1, 2, 'warm'],
    ['InService', 0, 0, 'cold'],
    ['InService', 0, 1, 'warming'],
    ['Creating', 0, 0, 'warming'],
    ['Failed', 3, 3, 'not-offered'],
    ['Deleting', 1, 1, 'not-offered'],
  ])('%s with %i of %i copies is %s', (word, inService, desired, state) => {
    expect(observed({ endpoint: status(word, inService, desired) })).toMatchObject({
      state,
      scope: 'dedicated',
      kind: 'sagemaker',
      modelId: 'chat-small',
      reach: [runRegion],
    });
  });

  it('that does not exist is gone, by SageMaker’s own word', () => {
    expect(observed({ endpoint: answered(undefined) })).toMatchObject({
      state: 'not-offered',
      goneEvidence: 'availability-not-available',
    });
  });

  it('stays as last known when SageMaker fails, and is unknown without a last one', () => {
    const previous = run({ dedicated, endpoint: status('InService', 2) });
    expect(observed({ previous, endpoint: failed() })).toMatchObject({
      state: 'warm',
      copies: 2,
      stale: true,
    });
    expect(observed({ endpoint: failed() })).toMatchObject({ state: 'unknown', stale: true });
  });
});
