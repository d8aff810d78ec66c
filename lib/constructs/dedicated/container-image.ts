import { RegionInfo } from 'aws-cdk-lib/region-info';

/** LMI 20 with vLLM 0.15.1 on CUDA 12.8, of February 2026 (release notes of LMI). */
const LMI_TAG = '0.36.0-lmi20.0.0-cu128';

const IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)[:@]/;

/**
 * AWS's own LMI container in a region. Accounts as CDK knows them (`aws-cdk-lib/region-info`): nothing is looked up.
 *
 * @throws RangeError for a region in which CDK knows of none.
 */
export function lmiImage(region: string): string {
  const account = RegionInfo.get(region).dlcRepositoryAccount;
  if (account !== undefined) return `${account}.dkr.ecr.${region}.amazonaws.com/djl-inference:${LMI_TAG}`;
  throw new RangeError(
    `region ${region}: no account is known that offers AWS’s LMI container there; name an image in deploy.image`,
  );
}

/**
 * The repository that an image is pulled from.
 *
 * @throws RangeError for what is not the URI of an image in ECR.
 */
export function repositoryArnOf(image: string): string {
  const [, account, region, repository] = IMAGE.exec(image) ?? [];
  if (repository !== undefined) return `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  throw new RangeError(
    `image ${image}: must be in ECR, such as 111111111111.dkr.ecr.us-east-1.amazonaws.com/lmi:1`,
  );
}
