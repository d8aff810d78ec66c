/** REST APIs of API Gateway: what templates say of them, and a real HTTP server for each deployed stage. */
import type { OpenDoor } from '../../lambda/front-doors/listen-at-door.ts';
import { type OwnResponse, openRestApi } from '../../lambda/front-doors/rest-api.ts';
import { LambdaError } from '../../lambda/lambda-error.ts';
import type { FunctionBook } from './function-book.ts';
import { accountOf, regionOf, type ServiceAccess } from './service-access.ts';

export interface ApiMethod {
  readonly path: string;
  readonly httpMethod: string;
  readonly functionArn: string;
  readonly transferMode: 'BUFFERED' | 'STREAM';
}

export interface RestApi {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** Path by the resource's id. */
  readonly resources: Map<string, string>;
  readonly methods: Map<string, ApiMethod>;
  /** What was deployed, by the deployment's id. */
  readonly deployments: Map<string, readonly ApiMethod[]>;
  readonly stages: Map<string, Stage>;
  /** What it answers by itself, by type. */
  readonly responses: Map<string, OwnResponse>;
  /** Requests that its function was asked. */
  requests: number;
}

interface Stage extends OpenDoor {
  /** What it leads to: the deployment may become another one while it is open. */
  readonly served: Served;
}

interface Served {
  functionArn: string;
  responseTransferMode: ApiMethod['transferMode'];
}

export class RestApiBook {
  readonly #functions: FunctionBook;
  readonly #access: ServiceAccess;
  readonly #apis = new Map<string, RestApi>();

  constructor(functions: FunctionBook, access: ServiceAccess) {
    this.#functions = functions;
    this.#access = access;
  }

  create(id: string, place: { readonly account: string; readonly region: string }): RestApi {
    const resources = new Map([[rootIdOf(id), '/']]);
    const { account, region } = place;
    const parts = { methods: new Map(), deployments: new Map(), stages: new Map(), requests: 0 };
    const responses = new Map<string, OwnResponse>();
    const api: RestApi = { id, account, region, resources, responses, ...parts };
    this.#apis.set(id, api);
    return api;
  }

  /** @throws an Error where there is none */
  find(id: string): RestApi {
    const api = this.#apis.get(id);
    if (api === undefined) throw new Error(`NotFoundException: there is no REST API ${id}`);
    return api;
  }

  async remove(id: string): Promise<void> {
    await Promise.all([...this.find(id).stages.values()].map((door) => door.close()));
    this.#apis.delete(id);
  }

  /**
   * Opens the stage's server, or leads the one that is open to another deployment: what is under way in it ends as it began.
   *
   * @throws an Error where the API is not one function behind every path
   */
  async openStage(id: string, stage: string, deploymentId: string): Promise<void> {
    const api = this.find(id);
    const methods = api.deployments.get(deploymentId);
    if (methods === undefined) throw new Error(`NotFoundException: there is no deployment ${deploymentId}`);
    const paths = methods.map(({ path, httpMethod }) => `${httpMethod} ${path}`).sort();
    if (paths.join() !== 'ANY /,ANY /{proxy+}') {
      throw new Error(
        `served here is one function behind ANY / and ANY /{proxy+}; deployed are ${paths.join(', ')}`,
      );
    }
    const [first, second] = methods;
    if (
      first === undefined ||
      first.functionArn !== second?.functionArn ||
      first.transferMode !== second.transferMode
    ) {
      throw new Error('ANY / and ANY /{proxy+} are not of one function in one mode');
    }
    const { functionArn, transferMode: responseTransferMode } = first;
    const standing = api.stages.get(stage);
    if (standing !== undefined) {
      Object.assign(standing.served, { functionArn, responseTransferMode });
      return;
    }
    const served: Served = { functionArn, responseTransferMode };
    const host = { ...this.#functions.host };
    const { invokeStreaming } = host;
    host.invokeStreaming = async (arn, payload) => {
      await this.#requirePermission(api, stage, { arn, payload });
      api.requests += 1;
      return invokeStreaming(arn, payload);
    };
    const place = { account: api.account, apiId: id, stage };
    // Asked with every request, so that each meets the deployment of its moment.
    const door = await openRestApi({
      ...{ ...place, host, responses: api.responses },
      get functionArn() {
        return served.functionArn;
      },
      get responseTransferMode() {
        return served.responseTransferMode;
      },
    });
    api.stages.set(stage, { ...door, served });
  }

  /** Where a stage answers: `https://<id>.execute-api.<region>.amazonaws.com` becomes this origin. */
  originOf(id: string): string {
    const [door] = this.find(id).stages.values();
    if (door === undefined) throw new Error(`the REST API ${id} has no stage`);
    return door.url;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#apis.keys()].map((id) => this.remove(id)));
  }

  /** API Gateway calls a function only where the function's own policy lets it. */
  async #requirePermission(
    { id, account, region }: RestApi,
    stage: string,
    call: { readonly arn: string; readonly payload: string | Uint8Array },
  ): Promise<void> {
    const { httpMethod, path } = JSON.parse(String(call.payload)) as { httpMethod: string; path: string };
    const source = `arn:aws:execute-api:${region}:${account}:${id}/${stage}/${httpMethod}${path}`;
    const question = {
      action: 'lambda:InvokeFunction',
      resource: call.arn,
      account: accountOf(call.arn),
      context: { 'aws:SourceArn': source, 'aws:SourceAccount': account },
    };
    if (await this.#access.lets('apigateway.amazonaws.com', question, regionOf(call.arn))) return;
    throw new LambdaError('AccessDeniedException', 403, `${source} may not call ${call.arn}`);
  }
}

export const rootIdOf = (apiId: string): string => `${apiId}root`;
