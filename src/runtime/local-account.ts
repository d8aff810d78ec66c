/** What AWS's stacks would have made, made on the local AWS: tables, replicas, endpoints. And where its metrics go. */
import { provisionAudit, provisionWitness } from '#adapters/aws/audit-provisioner.ts';
import { createConnectionPool, openCloudWatch } from '#adapters/aws/aws-clients.ts';
import { provisionBulk } from '#adapters/aws/bulk-provisioner.ts';
import { createCloudWatchMetricSink } from '#adapters/aws/cloudwatch-metric-sink.ts';
import { pointsOfEmfLine } from '#adapters/aws/emf-gateway-metrics.ts';
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { AUDIT_RECEIPTS_UNTIL_DEAD } from '#contract/audit.ts';
import { RECEIPTS_UNTIL_DEAD } from '#contract/batch-messages.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import {
  auditBucketName,
  auditDeadQueueName,
  auditQueueName,
  auditRootBucketName,
  auditRootKeyAlias,
  batchBucketName,
  deadQueueName,
  tableArn,
  tableName,
} from '#contract/resources.ts';
import { controlsTable, type TableDefinition, tableDefinitions } from '#contract/tables.ts';
import { lifecycleDays } from '#core/batch/retention.ts';
import { dispatchQueues } from '#usecases/batch/dispatch.ts';
import type { MetricPoint, MetricSink } from '#usecases/ports/metric-sink.ts';
import { gatewayAccount } from './gateway-account.ts';

export { localCredentials };

export interface ProvisionRequest {
  readonly config: SpillwayConfig;
  /** The local AWS. */
  readonly endpoint: string;
  /** Ends the attempts. */
  readonly stop: AbortSignal;
  readonly onProblem: (part: string, error: unknown) => void;
}

const retryMs = 500;

/** Makes everything that is missing, and tries again what failed until it stands or `stop` aborts. Never rejects. */
export async function provision(request: ProvisionRequest): Promise<void> {
  const jobs = [...tableJobs(request), ...endpointJobs(request), ...bulkJobs(request), ...auditJobs(request)];
  await Promise.all(jobs.map((job) => untilDone(job, request)));
}

interface Job {
  readonly name: string;
  run(): Promise<void>;
}

async function untilDone(job: Job, { stop, onProblem }: ProvisionRequest): Promise<void> {
  while (!stop.aborted) {
    try {
      return await job.run();
    } catch (error) {
      if (stop.aborted) return;
      onProblem(job.name, error);
      await pauseUnlessStopped(retryMs, stop);
    }
  }
}

function pauseUnlessStopped(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, milliseconds);
    stop.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      stop.removeEventListener('abort', finish);
      resolve();
    }
  });
}

function tableJobs(request: ProvisionRequest): Job[] {
  const homeTables = tableDefinitions.filter(({ perGateway }) => perGateway !== true);
  const { enabled } = request.config.audit;
  const gatewayTables = tableDefinitions.filter(
    ({ perGateway, kind }) => perGateway === true && (kind !== 'audit' || enabled),
  );
  return [
    ...homeTableJobs(request, homeTables),
    ...controlsJobs(request),
    ...gatewayTableJobs(request, gatewayTables),
  ];
}

/** Tables that each gateway has in its own account and region. */
function gatewayTableJobs(
  { config, endpoint }: ProvisionRequest,
  definitions: readonly TableDefinition[],
): Job[] {
  return config.gateways.flatMap((region) => {
    const account = gatewayAccount(config, region);
    return definitions.map((definition) => {
      const { kind } = definition;
      const name = tableName(config.name, kind);
      const arn = tableArn({ deployment: config.name, kind, account, region });
      const guestAccounts = account === config.home.account ? [] : [config.home.account];
      const plan = { definition, name, arn, region, replicaRegions: [], guestAccounts };
      return {
        name: `table ${name} of ${region}`,
        run: () => provisionTable(plan, { endpoint, credentials: localCredentials(account) }),
      };
    });
  });
}

function homeTableJobs(
  { config, endpoint }: ProvisionRequest,
  definitions: readonly TableDefinition[],
): Job[] {
  const { account, region } = config.home;
  const replicaRegions = [
    ...new Set([...config.gateways, ...(config.standby === undefined ? [] : [config.standby])]),
  ];
  return definitions.map((definition) => ({
    name: `table ${tableName(config.name, definition.kind)}`,
    run: () =>
      provisionTable(
        {
          definition,
          name: tableName(config.name, definition.kind),
          arn: tableArn({ deployment: config.name, kind: definition.kind, account, region }),
          region,
          replicaRegions: definition.replicated ? replicaRegions : [],
          guestAccounts: config.accounts.map(({ id }) => id).filter((id) => id !== account),
        },
        { endpoint, credentials: localCredentials(account) },
      ),
  }));
}

/** The strongly consistent set, where there is one. */
function controlsJobs({ config, endpoint }: ProvisionRequest): Job[] {
  const { controls } = config.state;
  if (controls === undefined) return [];
  const { account, region } = config.home;
  const name = tableName(config.name, controlsTable.kind);
  const plan = {
    definition: controlsTable,
    name,
    arn: tableArn({ deployment: config.name, kind: controlsTable.kind, account, region }),
    region,
    replicaRegions: controls.regions.filter((each) => each !== region),
    strong: { witness: controls.witness },
    guestAccounts: config.accounts.map(({ id }) => id).filter((id) => id !== account),
  };
  const credentials = localCredentials(account);
  return [{ name: `table ${name}`, run: () => provisionTable(plan, { endpoint, credentials }) }];
}

/** The bucket and the queues that each gateway has in its own account and region. */
function bulkJobs({ config, endpoint }: ProvisionRequest): Job[] {
  if (!config.batches.enabled) return [];
  return config.gateways.map((region) => {
    const account = gatewayAccount(config, region);
    const plan = {
      region,
      bucket: batchBucketName(config.name, account, region),
      lifecycleDays: lifecycleDays(config.batches.retentionDays),
      queues: dispatchQueues({ config }),
      deadQueue: deadQueueName(config.name),
      receiptsMax: RECEIPTS_UNTIL_DEAD,
    };
    return {
      name: `bucket and queues of ${region}`,
      run: () => provisionBulk(plan, { endpoint, credentials: localCredentials(account) }),
    };
  });
}

/** The locked bucket and the queues of each gateway's audit trail. */
function auditJobs({ config, endpoint }: ProvisionRequest): Job[] {
  if (!config.audit.enabled) return [];
  const trails = config.gateways.map((region) => {
    const account = gatewayAccount(config, region);
    const { retentionDays, mode } = config.audit;
    const plan = {
      ...{ region, retentionDays, mode },
      bucket: auditBucketName(config.name, account, region),
      queue: auditQueueName(config.name),
      deadQueue: auditDeadQueueName(config.name),
      receiptsMax: AUDIT_RECEIPTS_UNTIL_DEAD,
    };
    return {
      name: `audit trail of ${region}`,
      run: () => provisionAudit(plan, { endpoint, credentials: localCredentials(account) }),
    };
  });
  return [...trails, witnessJob(config, endpoint)];
}

/** The key and the bucket of signed roots, at home. */
function witnessJob({ name, home, audit }: SpillwayConfig, endpoint: string): Job {
  const { account, region } = home;
  const { retentionDays, mode } = audit;
  const plan = {
    ...{ account, region, retentionDays, mode },
    bucket: auditRootBucketName(name, account, region),
    keyAlias: auditRootKeyAlias(name),
  };
  return {
    name: 'witness of audit trails',
    run: () => provisionWitness(plan, { endpoint, credentials: localCredentials(account) }),
  };
}

function endpointJobs({ config, endpoint }: ProvisionRequest): Job[] {
  return Object.values(config.models)
    .flatMap((model) => model.dedicated)
    .map((dedicated) => ({
      name: `endpoint ${dedicated.endpoint}`,
      run: () => provisionEndpoint(dedicated, { endpoint, credentials: localCredentials(dedicated.account) }),
    }));
}

/** CloudWatch of one account and region on the local AWS, with the reader of embedded metric lines. */
export function openMetricSink(place: {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
}): { readonly sink: MetricSink; readonly pointsOf: (line: string) => readonly MetricPoint[] } {
  const { account, region, endpoint } = place;
  const client = openCloudWatch(
    { region, credentials: localCredentials(account), endpoint },
    createConnectionPool(),
  );
  const log = { write: () => undefined };
  return {
    sink: createCloudWatchMetricSink({ client, clock: systemClock, log }),
    pointsOf: pointsOfEmfLine,
  };
}
