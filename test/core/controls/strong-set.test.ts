import { describe, expect, it } from 'vitest';
import { strongSetFaults } from '#core/controls/strong-set.ts';

const messages = (...args: Parameters<typeof strongSetFaults>) =>
  strongSetFaults(...args).map(({ path, message }) => `${path}: ${message}`);

describe('a strongly consistent set', () => {
  it.each([
    [{ regions: ['us-east-1', 'us-east-2', 'us-west-2'] }],
    [{ regions: ['eu-west-1', 'eu-west-3', 'eu-central-1'] }],
    [{ regions: ['eu-west-1', 'eu-central-1'], witness: 'eu-west-3' }],
    [{ regions: ['ap-northeast-1', 'ap-northeast-3'], witness: 'ap-northeast-2' }],
  ])('is one that DynamoDB makes: %o', (set) => {
    expect(strongSetFaults(set)).toEqual([]);
  });

  it('that is none says all that is wrong at once', () => {
    expect(messages({ regions: ['us-east-1', 'us-east-1', 'eu-west-1', 'sa-east-1'] })).toEqual([
      ': names 4 regions; it must be three regions, or two and a witness',
      expect.stringMatching(
        /^regions\[3\]: sa-east-1 is in none of the sets .* US \(us-east-1, us-east-2, us-west-2\); EU/,
      ),
      expect.stringMatching(/^regions\[2\]: eu-west-1 is of the set EU and others are of US/),
      'regions[1]: us-east-1 is named twice',
    ]);
  });

  it('has no witness beside three copies, and none that is a copy', () => {
    const [first] = messages({ regions: ['us-east-1', 'us-east-2', 'us-west-2'], witness: 'us-west-2' });
    expect(first).toBe(': names 3 regions and a witness; it must be three regions, or two and a witness');
    expect(messages({ regions: ['us-east-1', 'us-east-2'], witness: 'us-east-1' })).toEqual([
      'witness: us-east-1 is named twice',
    ]);
  });
});
