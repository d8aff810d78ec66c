import type { Cloud } from '../cloud.ts';
import { type FunctionUrl, urlIdOf } from '../parts/function-url-book.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';

export const functionUrl: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::Url',
  properties: { AuthType: 'text', InvokeMode: 'text', Qualifier: 'text', TargetFunctionArn: 'text' },
  required: ['AuthType', 'TargetFunctionArn'],
  createOnly: ['Qualifier', 'TargetFunctionArn'],
  async create(request, cloud) {
    const url = readUrl(request, cloud);
    await cloud.functionUrls.open(url);
    const { functionArn } = url;
    const address = `https://${urlIdOf(functionArn)}.lambda-url.${request.region}.on.aws/`;
    return { physicalId: functionArn, attributes: { FunctionArn: functionArn, FunctionUrl: address } };
  },
  async update({ from, request }, cloud) {
    const url = readUrl(request, cloud);
    await cloud.functionUrls.close(from.made.physicalId);
    await cloud.functionUrls.open(url);
    return from.made;
  },
  remove: ({ made }, { functionUrls }) => functionUrls.close(made.physicalId),
};

function readUrl(request: ResourceRequest, { functions }: Cloud): FunctionUrl {
  const { AuthType, InvokeMode = 'BUFFERED', Qualifier, TargetFunctionArn } = request.properties;
  if (AuthType !== 'AWS_IAM' && AuthType !== 'NONE')
    throw new Error(`AuthType ${String(AuthType)}: want AWS_IAM or NONE`);
  if (InvokeMode !== 'BUFFERED' && InvokeMode !== 'RESPONSE_STREAM')
    throw new Error(`InvokeMode ${String(InvokeMode)}: want BUFFERED or RESPONSE_STREAM`);
  const arn = functions.arnOf(String(TargetFunctionArn), request);
  const functionArn = Qualifier === undefined ? arn : `${arn}:${String(Qualifier)}`;
  functions.find(functionArn);
  return { functionArn, authType: AuthType, invokeMode: InvokeMode };
}
