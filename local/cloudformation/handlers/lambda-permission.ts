import type { PolicyBook, PolicyDocument } from '../../iam/policy-book.ts';
import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';

/** One statement of a function's own policy. */
export const permission: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::Permission',
  properties: {
    Action: 'text',
    FunctionName: 'text',
    FunctionUrlAuthType: 'text',
    InvokedViaFunctionUrl: 'boolean',
    Principal: 'text',
    PrincipalOrgID: 'text',
    SourceAccount: 'text',
    SourceArn: 'text',
  },
  required: ['Action', 'FunctionName', 'Principal'],
  createOnly: [],
  async create(request, cloud) {
    const { FunctionName } = request.properties;
    const arn = cloud.functions.arnOf(String(FunctionName), request);
    cloud.functions.find(arn);
    const sid = request.nameOf(100).replaceAll(/[^A-Za-z0-9]/g, '');
    setStatements(cloud.book, arn, [...statementsOf(cloud.book, arn), statementOf(request, sid, arn)]);
    return { physicalId: sid, attributes: { Id: sid } };
  },
  async remove({ request, made }, cloud) {
    const arn = cloud.functions.arnOf(String(request.properties.FunctionName), request);
    setStatements(
      cloud.book,
      arn,
      statementsOf(cloud.book, arn).filter(({ Sid }) => Sid !== made.physicalId),
    );
  },
};

type Statement = Readonly<Record<string, unknown>>;

function statementOf({ properties }: ResourceRequest, Sid: string, Resource: string): Statement {
  const { Action, Principal, SourceArn, SourceAccount, PrincipalOrgID, FunctionUrlAuthType } = properties;
  const name = String(Principal);
  const conditions = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...equals({
      'AWS:SourceAccount': SourceAccount,
      'aws:PrincipalOrgID': PrincipalOrgID,
      'lambda:FunctionUrlAuthType': FunctionUrlAuthType,
    }),
  };
  return {
    Sid,
    Effect: 'Allow',
    Action,
    Principal: name.endsWith('.amazonaws.com') ? { Service: name } : { AWS: name },
    Resource,
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  };
}

function equals(wanted: Readonly<Record<string, unknown>>): object {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { StringEquals: Object.fromEntries(given) };
}

function statementsOf(book: PolicyBook, arn: string): readonly Statement[] {
  return (book.resourcePolicy(arn)?.Statement ?? []) as readonly Statement[];
}

function setStatements(book: PolicyBook, arn: string, statements: readonly Statement[]): void {
  const policy: PolicyDocument = { Version: '2012-10-17', Statement: statements };
  book.setResourcePolicy(arn, statements.length === 0 ? undefined : policy);
}
