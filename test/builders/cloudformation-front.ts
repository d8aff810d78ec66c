/**
 * What `cdk deploy` of stacks that are new calls, on loopback: CloudFormation's query API before local/cloudformation, and as much of STS, SSM and
 * S3 as publishes files. Each call is noted with the role under which it came.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from '#local/cloudformation/cloud.ts';
import type { Deployment } from '#local/cloudformation/deployment.ts';

interface FrontCall {
  /** Such as `ExecuteChangeSet`. */
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  /** The role whose session calls: `deploy-role`, `lookup-role`, …; empty for the process's own credentials. */
  readonly role: string;
  readonly stackName: string;
}

export interface CloudFormationFront {
  readonly url: string;
  readonly calls: readonly FrontCall[];
  close(): Promise<void>;
}

interface ChangeSet {
  readonly stackName: string;
  readonly type: string;
  readonly templateUrl: string;
}

type Answer = readonly [status: number, body: string, type?: string];

const element = (name: string, inner: string): string => `<${name}>${inner}</${name}>`;
const ok = (operation: string, inner: string): Answer => [
  200,
  element(`${operation}Response`, element(`${operation}Result`, inner)),
];
const failed = (message: string): Answer => [
  400,
  element(
    'ErrorResponse',
    element('Error', element('Code', 'ValidationError') + element('Message', message)),
  ),
];

/** One deployment's API. */
class Front {
  readonly calls: FrontCall[] = [];
  readonly #deployment: Deployment<Cloud>;
  readonly #objects = new Map<string, Buffer>();
  readonly #changeSets = new Map<string, ChangeSet>();
  readonly #statuses = new Map<string, string>();
  /** Roles of sessions by the id of their key. */
  readonly #sessions = new Map<string, { readonly account: string; readonly role: string }>();

  constructor(deployment: Deployment<Cloud>) {
    this.#deployment = deployment;
  }

  async answer(request: IncomingMessage): Promise<Answer> {
    const body = Buffer.concat(await request.toArray());
    const [, keyId = '', region = '', service = ''] =
      /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const { account = keyId.slice(-12), role = '' } = this.#sessions.get(keyId) ?? {};
    const parameters = new URLSearchParams(service === 's3' ? '' : body.toString());
    const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const operation = parameters.get('Action') ?? target ?? `${request.method} object`;
    const stackName = nameOf(parameters);
    const call: FrontCall = { operation, account, region, role, stackName };
    this.calls.push(call);
    if (service === 'sts') return this.#becoming(parameters, call);
    if (service === 'ssm')
      return [200, JSON.stringify({ Parameter: { Value: '30' } }), 'application/x-amz-json-1.1'];
    if (service === 's3') return this.#keep(request, body);
    return await this.#change(parameters, call);
  }

  #becoming(parameters: URLSearchParams, { operation, account }: FrontCall): Answer {
    if (operation === 'GetCallerIdentity')
      return ok(operation, element('Account', account) + element('Arn', `arn:aws:iam::${account}:root`));
    const arn = parameters.get('RoleArn') ?? '';
    const [, of = '', role = ''] = /^arn:aws:iam::(\d{12}):role\/cdk-[a-z0-9]+-(.+)-\1-/.exec(arn) ?? [];
    // Without a token, so that local AWS takes it for the account's own key.
    const keyId = `LKIA${of}`;
    const session = `${keyId.slice(0, 4)}${role}${of}`;
    this.#sessions.set(session, { account: of, role });
    const shown = role === 'lookup-role' ? keyId : session;
    const keys =
      element('AccessKeyId', shown) +
      element('SecretAccessKey', `local-${shown}`) +
      element('Expiration', '2099-01-01T00:00:00Z');
    return ok(operation, element('Credentials', keys));
  }

  #keep({ method, url = '' }: IncomingMessage, body: Buffer): Answer {
    const path = url.split('?')[0] ?? '';
    if (method !== 'PUT') return [200, element('ListBucketResult', element('KeyCount', '0'))];
    this.#objects.set(path.slice(1), body);
    return [200, ''];
  }

  async #change(parameters: URLSearchParams, call: FrontCall): Promise<Answer> {
    const { operation, stackName } = call;
    const set = parameters.get('ChangeSetName')?.split('/').at(-1) ?? '';
    const key = `${call.account}/${call.region}/${stackName}`;
    const id = `arn:aws:cloudformation:${call.region}:${call.account}:stack/${stackName}/1`;
    switch (operation) {
      case 'DescribeStacks': {
        const status = this.#statuses.get(key);
        return status === undefined
          ? failed(`Stack with id ${stackName} does not exist`)
          : stackJson(id, stackName, status);
      }
      case 'CreateChangeSet':
        this.#changeSets.set(`${key}/${set}`, {
          stackName,
          type: parameters.get('ChangeSetType') ?? '',
          templateUrl: parameters.get('TemplateURL') ?? '',
        });
        return ok(operation, element('Id', `${id}/${set}`) + element('StackId', id));
      case 'DescribeChangeSet':
        return ok(
          operation,
          element('ChangeSetId', `${id}/${set}`) +
            element('ChangeSetName', set) +
            element('StackId', id) +
            element('StackName', stackName) +
            element('Status', 'CREATE_COMPLETE') +
            element('ExecutionStatus', 'AVAILABLE') +
            element('Changes', element('member', element('Type', 'Resource'))),
        );
      case 'ExecuteChangeSet':
        return await this.#execute(this.#changeSets.get(`${key}/${set}`), call, key);
      case 'DescribeStackEvents':
        return ok(operation, element('StackEvents', ''));
      default:
        return ok(operation, '');
    }
  }

  /** Deploys what was published, at once: whoever asks next finds the stack as it stands. */
  async #execute(set: ChangeSet | undefined, call: FrontCall, key: string): Promise<Answer> {
    const { operation, account, region, stackName } = call;
    const file = new URL(set?.templateUrl ?? 'https://none/').pathname.slice(1);
    const template = this.#objects.get(file) ?? this.#objects.get(`${bucketIn(set?.templateUrl)}/${file}`);
    if (template === undefined) return failed(`no template was published as ${set?.templateUrl}`);
    try {
      await this.#deployment.deploy({
        stackName,
        account,
        region,
        id: stackName,
        tags: {},
        dependencies: [],
        template: JSON.parse(template.toString()),
      });
      this.#statuses.set(key, set?.type === 'UPDATE' ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
    } catch {
      this.#statuses.set(key, set?.type === 'UPDATE' ? 'UPDATE_ROLLBACK_COMPLETE' : 'ROLLBACK_COMPLETE');
    }
    return ok(operation, '');
  }
}

const bucketIn = (url = ''): string => /^https:\/\/([^.]+)\.s3/.exec(url)?.[1] ?? '';

/** A stack goes by its name or its id. */
function nameOf(parameters: URLSearchParams): string {
  const given = parameters.get('StackName') ?? '';
  return given.startsWith('arn:') ? (given.split('/')[1] ?? '') : given;
}

const stackJson = (id: string, stackName: string, status: string): Answer =>
  ok(
    'DescribeStacks',
    element(
      'Stacks',
      element(
        'member',
        element('StackId', id) +
          element('StackName', stackName) +
          element('CreationTime', '2026-11-21T08:00:00Z') +
          element('StackStatus', status),
      ),
    ),
  );

export async function openCloudFormationFront(deployment: Deployment<Cloud>): Promise<CloudFormationFront> {
  const front = new Front(deployment);
  const server = createServer((request, response) => {
    front.answer(request).then(
      ([status, body, type = 'text/xml']) => {
        response.writeHead(status, { 'content-type': type });
        response.end(body);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls: front.calls,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
