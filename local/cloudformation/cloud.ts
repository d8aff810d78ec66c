/** What stacks are deployed into: local AWS, and beside it the services that have no wire protocol there. */
import { createCallGuard } from '../iam/call-guard.ts';
import { PolicyBook } from '../iam/policy-book.ts';
import { PolicyJudge } from '../iam/policy-judge.ts';
import { createLambdaHost } from '../lambda/lambda-host.ts';
import { createLocalAws, type LocalAws, type LocalAwsOptions } from '../local-aws.ts';
import { AccountClients } from './parts/account-clients.ts';
import { EventSources } from './parts/event-sources.ts';
import { FunctionBook } from './parts/function-book.ts';
import { FunctionUrlBook } from './parts/function-url-book.ts';
import { type HostedZone, NameBook } from './parts/name-book.ts';
import { RestApiBook } from './parts/rest-api-book.ts';
import { ScheduleBook } from './parts/schedule-book.ts';
import { ServiceAccess } from './parts/service-access.ts';
import type { Json } from './template.ts';

export interface CloudOptions extends Pick<LocalAwsOptions, 'timeScale' | 'catalogue' | 'log'> {
  /** What `cdk deploy` would have published: folders and files by `bucket/key`. */
  readonly assets: ReadonlyMap<string, string>;
  /** Hosted zones that stand before any stack does, by id. @default - none */
  readonly zones?: ReadonlyMap<string, HostedZone>;
  /** Where the clock of schedules begins. */
  readonly now: Date;
}

export interface Cloud {
  readonly aws: LocalAws;
  readonly book: PolicyBook;
  readonly judge: PolicyJudge;
  readonly access: ServiceAccess;
  readonly clients: AccountClients;
  readonly functions: FunctionBook;
  readonly functionUrls: FunctionUrlBook;
  readonly sources: EventSources;
  readonly schedules: ScheduleBook;
  readonly restApis: RestApiBook;
  readonly names: NameBook;
  /** Things that nothing here runs, by ARN: alarms, log groups, aliases of keys. */
  readonly kept: Map<string, Json>;
  readonly assets: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Everything empty: no table, no role, no function. */
export async function openCloud(options: CloudOptions): Promise<Cloud> {
  const book = new PolicyBook();
  const judge = new PolicyJudge(book);
  const { timeScale, catalogue, log } = options;
  const aws = await createLocalAws({
    port: 0,
    guard: createCallGuard(judge),
    ...(timeScale === undefined ? {} : { timeScale }),
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(log === undefined ? {} : { log }),
  });
  const clients = new AccountClients(aws.url);
  const access = new ServiceAccess(judge);
  const host = createLambdaHost({ awsUrl: aws.url });
  const functions = new FunctionBook(host, aws.url, access);
  const functionUrls = new FunctionUrlBook(functions, access);
  const sources = new EventSources({ clients, functions, streams: aws.tableStreams });
  const schedules = new ScheduleBook({ clients, functions, access }, options.now);
  const restApis = new RestApiBook(functions, access);
  const close = async () => {
    await restApis.close();
    await functionUrls.closeAll();
    await sources.close();
    await functions.idle();
    await host.close();
    clients.close();
    await aws.close();
  };
  const kept = new Map<string, Json>();
  const { assets } = options;
  const names = new NameBook(options.zones ?? new Map());
  const books = { functions, functionUrls, sources, schedules, restApis, names, kept };
  return { aws, book, judge, access, clients, ...books, assets, close };
}
