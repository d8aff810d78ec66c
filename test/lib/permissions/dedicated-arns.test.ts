import { describe, expect, it } from 'vitest';
import { dedicatedArns } from '#lib/permissions/dedicated-arns.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';

const account = '111111111111';
const config = checkedConfig({
  ...acme,
  models: {
    chat: {
      dedicated: [
        { account, region: 'us-east-1', endpoint: 'Chat', component: 'Copy-A' },
        { account, region: 'us-west-2', endpoint: 'plain' },
        { account: '222222222222', region: 'eu-west-1', endpoint: 'other' },
      ],
    },
  },
});

describe('dedicatedArns', () => {
  it('names endpoints and components, capitals in both spellings', () => {
    expect(dedicatedArns(config, { account, region: 'us-east-1' })).toEqual([
      `arn:aws:sagemaker:us-east-1:${account}:endpoint/Chat`,
      `arn:aws:sagemaker:us-east-1:${account}:endpoint/chat`,
      `arn:aws:sagemaker:us-east-1:${account}:inference-component/Copy-A`,
      `arn:aws:sagemaker:us-east-1:${account}:inference-component/copy-a`,
    ]);
  });

  it('names the endpoints of all regions of an account when asked for none, and never another account’s', () => {
    const arns = dedicatedArns(config, { account });
    expect(arns).toContain(`arn:aws:sagemaker:us-west-2:${account}:endpoint/plain`);
    expect(arns.filter((arn) => arn.includes('222222222222'))).toEqual([]);
  });
});
