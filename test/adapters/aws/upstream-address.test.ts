import { describe, expect, it } from 'vitest';
import { pathSegment, upstreamAddress } from '#adapters/aws/upstream-address.ts';
import { bedrockTarget, dedicatedTarget } from '#test/builders/model-call.ts';

describe('upstreamAddress', () => {
  it("addresses, signs and accounts for a Bedrock target from the target's own region and account", () => {
    const target = bedrockTarget({ account: '222222222222', region: 'eu-central-1' });
    expect(upstreamAddress(target, undefined)).toEqual({
      origin: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
      host: 'bedrock-runtime.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
      account: '222222222222',
      signingName: 'bedrock',
    });
  });

  it('addresses a dedicated target at the SageMaker runtime of its region', () => {
    const address = upstreamAddress(dedicatedTarget({ region: 'us-west-2' }), undefined);
    expect(address.origin).toBe('https://runtime.sagemaker.us-west-2.amazonaws.com');
    expect(address.signingName).toBe('sagemaker');
  });

  it('uses the DNS suffix of the partition', () => {
    expect(upstreamAddress(bedrockTarget({ region: 'cn-north-1' }), undefined).host).toBe(
      'bedrock-runtime.cn-north-1.amazonaws.com.cn',
    );
    expect(upstreamAddress(bedrockTarget({ region: 'eusc-de-east-1' }), undefined).host).toBe(
      'bedrock-runtime.eusc-de-east-1.amazonaws.eu',
    );
  });

  it('keeps region and account when an endpoint stands for all services', () => {
    expect(upstreamAddress(bedrockTarget({ region: 'eu-west-1' }), 'http://127.0.0.1:4566/')).toMatchObject({
      origin: 'http://127.0.0.1:4566',
      host: '127.0.0.1:4566',
      region: 'eu-west-1',
    });
  });

  it.each(['evil.example.com/', 'us-east-1.evil.example', '', 'US-EAST-1'])(
    'refuses to make a host name of the region %j',
    (region) => {
      expect(() => upstreamAddress(bedrockTarget({ region }), undefined)).toThrow('region code');
    },
  );
});

describe('pathSegment', () => {
  it('encodes ids and ARNs once, as RFC 3986 has it', () => {
    expect(pathSegment('anthropic.claude-v1:0')).toBe('anthropic.claude-v1%3A0');
    expect(pathSegment('arn:aws:bedrock:us-east-1:111111111111:inference-profile/us.x')).toBe(
      'arn%3Aaws%3Abedrock%3Aus-east-1%3A111111111111%3Ainference-profile%2Fus.x',
    );
    expect(pathSegment("a(b)!*'")).toBe('a%28b%29%21%2A%27');
  });
});

it.each(['.', '..'])('takes no name that would be another path: %j', (name) => {
  expect(() => pathSegment(name)).toThrow('must not be');
});
