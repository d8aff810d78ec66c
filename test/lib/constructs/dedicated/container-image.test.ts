import { describe, expect, it } from 'vitest';
import { lmiImage, repositoryArnOf } from '#lib/constructs/dedicated/container-image.ts';

describe('the container', () => {
  it.each([
    ['us-east-1', '763104351884'],
    ['eu-central-1', '763104351884'],
    ['ap-southeast-3', '907027046896'],
  ])('of %s is offered by %s', (region, account) => {
    expect(lmiImage(region)).toMatch(
      new RegExp(
        `^${account}\\.dkr\\.ecr\\.${region}\\.amazonaws\\.com/djl-inference:\\d+\\.\\d+\\.\\d+-lmi`,
      ),
    );
    expect(repositoryArnOf(lmiImage(region))).toBe(
      `arn:aws:ecr:${region}:${account}:repository/djl-inference`,
    );
  });

  it('is to be named where nobody is known to offer it', () => {
    expect(() => lmiImage('mx-central-1')).toThrow(
      /^region mx-central-1: .* name an image in deploy\.image$/,
    );
  });

  it('may be of one’s own, by tag or digest, and is in ECR', () => {
    const own = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/mirror/lmi';
    const arn = 'arn:aws:ecr:eu-west-1:111111111111:repository/mirror/lmi';
    expect(repositoryArnOf(`${own}:1`)).toBe(arn);
    expect(repositoryArnOf(`${own}@sha256:abc`)).toBe(arn);
    expect(() => repositoryArnOf('docker.io/vllm:1')).toThrow(/must be in ECR/);
  });
});
