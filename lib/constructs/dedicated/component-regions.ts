/**
 * Regions in which CloudFormation has no `AWS::SageMaker::InferenceComponent`, or no endpoint at all, as the template
 * validation of aws-cdk-lib knows them. A test holds this list to it; a region that it does not know is left to AWS.
 */
const regionsWithout: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-3',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'mx-central-1',
  'us-west-1',
];

export const canHostComponents = (region: string): boolean => !regionsWithout.includes(region);

/** @throws RangeError for a region in which no inference component can be made. */
export function checkComponentRegion(region: string, endpoint: string): void {
  if (canHostComponents(region)) return;
  throw new RangeError(
    `endpoint ${endpoint}: CloudFormation makes no SageMaker inference components in ${region}; deploy it in another region, or make the endpoint yourself and leave deploy out`,
  );
}
