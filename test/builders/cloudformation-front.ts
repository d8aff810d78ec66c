/**
 * What `cdk deploy` calls, on loopback: CloudFormation's query API before local/cloudformation, and as much of STS, SSM and
 * S3 as publishes files. Each call is noted with the role under which it came.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from '#local/cloudformation/cloud.ts';
import type { Deployment } from '#local/cloudformation/deployment.ts';
import { type Answer, element, leaves, ok } from './cloudformation-front-answers.ts';
import type { StackCall } from './cloudformation-front-shapes.ts';
import { FrontStacks } from './cloudformation-front-stacks.ts';

interface FrontCall extends StackCall {
  /** The role whose session calls: `deploy-role`, `lookup-role`, …; empty for the process's own credentials. */
  readonly role: string;
}

export interface CloudFormationFront {
  readonly url: string;
  readonly calls: readonly FrontCall[];
  readonly stacks: FrontStacks;
  close(): Promise<void>;
}

/** One deployment's API. */
class Front {
  readonly calls: FrontCall[] = [];
  readonly stacks: FrontStacks;
  readonly #objects = new Map<string, Buffer>();
  /** Roles of sessions by the id of their key. */
  readonly #sessions = new Map<string, { readonly account: string; readonly role: string }>();

  constructor(deployment: Deployment<Cloud>) {
    this.stacks = new FrontStacks(deployment, (url) => this.#published(url));
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
    return await this.stacks.answer(parameters, call);
  }

  #becoming(parameters: URLSearchParams, { operation, account }: FrontCall): Answer {
    if (operation === 'GetCallerIdentity')
      return ok(operation, leaves({ Account: account, Arn: `arn:aws:iam::${account}:root` }));
    const arn = parameters.get('RoleArn') ?? '';
    const [, of = '', role = ''] = /^arn:aws:iam::(\d{12}):role\/cdk-[a-z0-9]+-(.+)-\1-/.exec(arn) ?? [];
    // Without a token, so that local AWS takes it for the account's own key.
    const keyId = `LKIA${of}`;
    const session = `${keyId.slice(0, 4)}${role}${of}`;
    this.#sessions.set(session, { account: of, role });
    const shown = role === 'lookup-role' ? keyId : session;
    const keys = leaves({
      AccessKeyId: shown,
      SecretAccessKey: `local-${shown}`,
      Expiration: '2099-01-01T00:00:00Z',
    });
    return ok(operation, element('Credentials', keys));
  }

  #keep({ method, url = '' }: IncomingMessage, body: Buffer): Answer {
    const path = url.split('?')[0] ?? '';
    if (method !== 'PUT') return [200, element('ListBucketResult', leaves({ KeyCount: '0' }))];
    this.#objects.set(path.slice(1), body);
    return [200, ''];
  }

  /** A template, by an address with the bucket in its name or in its path. */
  #published(url: string): string | undefined {
    if (!URL.canParse(url)) return undefined;
    const file = new URL(url).pathname.slice(1);
    return (this.#objects.get(file) ?? this.#objects.get(`${bucketIn(url)}/${file}`))?.toString();
  }
}

const bucketIn = (url = ''): string => /^https:\/\/([^.]+)\.s3/.exec(url)?.[1] ?? '';

/** A stack goes by its name or its id. */
function nameOf(parameters: URLSearchParams): string {
  const given = parameters.get('StackName') ?? '';
  return given.startsWith('arn:') ? (given.split('/')[1] ?? '') : given;
}

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
    stacks: front.stacks,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
