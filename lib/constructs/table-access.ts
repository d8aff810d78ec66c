/**
 * Who may touch which items of the tables: the statements that identity policies and resource policies share.
 *
 * Tables are named, not referenced: a role in another account or region must be able to say what it may read before,
 * after and without the stack that holds the table. A caller from another account needs both sides, its own policy and
 * the table's, and neither side alone opens anything.
 */
import { Effect, type IGrantable, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import { type TableKind, tableArn } from '#contract/resources.ts';
import {
  auditPartition,
  controlPartition,
  healthPartition,
  historyPartition,
  observationPartition,
  signalPartition,
  verificationPartition,
} from '#contract/table-keys.ts';

/** Where the tables stand. */
export interface TableOwner {
  readonly deployment: string;
  /** The home account, which owns every table and replica; of a ledger and of capacity, the gateway's. */
  readonly account: string;
}

/** What reading the routing table takes: by model, never the whole table. */
export const routeReadActions: readonly string[] = ['dynamodb:GetItem', 'dynamodb:Query'];

/**
 * What a gateway tells of its own region, and nothing else: signals for plan, and failing targets for its other
 * processes. Conditions see the partition alone, and health has one for all regions: the region of an item of health is
 * kept by the readers, which believe none but their own, and by each gateway's reach, its own region's replica.
 */
export const tellActions: readonly string[] = ['dynamodb:PutItem'];

/** Partitions in which a gateway of the region tells what it saw. */
export const toldPartitions = (region: string): readonly string[] => [
  signalPartition(region),
  healthPartition,
];

/** What a gateway does with API keys: reads all of them at once, as hashes. */
export const keyReadActions: readonly string[] = ['dynamodb:Scan'];

/** What a gateway does with the buckets of tenants: every change is an update under a condition. */
const ledgerActions: readonly string[] = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];

/** What a gateway does with the slots of targets, and what it learned: as with buckets, and nothing is ever deleted by hand. */
const capacityActions: readonly string[] = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];

/** What gateways and dispatchers do with files, batches and chunks: every write of one is under a condition. */
const batchActions: readonly string[] = [
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
];

/** What the witness at home reads of each audit table. */
export const auditHeadReadActions: readonly string[] = ['dynamodb:GetItem'];

/** What carrying out an operator's order takes in one region's replica, and in which partitions of it. */
export interface OperateStatement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly partitions: readonly string[];
}

/** Pinning, rolling back and lifting holds, at home: the routes of these models, their history, and home's own control items. */
export function operateAtHome(models: readonly string[], homeRegion: string): readonly OperateStatement[] {
  return [
    {
      sid: 'OperateRoutes',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      partitions: [...models, controlPartition(homeRegion)],
    },
    {
      sid: 'OperateHistory',
      actions: ['dynamodb:BatchWriteItem', 'dynamodb:Query'],
      partitions: models.map(historyPartition),
    },
  ];
}

/** Disabling, and the audit of every order: the region's own control items and audit, to which is only ever added. */
export function operateHere(region: string): readonly OperateStatement[] {
  return [
    {
      sid: 'OperateHere',
      actions: ['dynamodb:PutItem'],
      partitions: [controlPartition(region), auditPartition(region)],
    },
  ];
}

/** What gateways and plan read of the strongly consistent set: the words of each region at once. */
export const controlReadActions: readonly string[] = ['dynamodb:Query'];

/** Saying a word, taking one back, and clearing away those that ended: in the region's own partition alone. */
export const controlWriteActions: readonly string[] = ['dynamodb:DeleteItem', 'dynamodb:PutItem'];

/** What plan does to publish a route, keep thirty versions of it and note a refusal. */
const routePublishActions: readonly string[] = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
];

/** What discovery does in the partition of its own account and region. */
export const observationWriteActions: readonly string[] = ['dynamodb:PutItem', 'dynamodb:Query'];

/** What plan, verify and the gateways' availability board read. */
export const observationReadActions: readonly string[] = ['dynamodb:BatchGetItem', 'dynamodb:Query'];

/**
 * Holds only for requests whose every partition key is one of these.
 *
 * `ForAllValues` alone would also hold for a request that names no key at all; the `Null` test closes that.
 */
export function onlyPartitions(operator: 'StringEquals' | 'StringLike', partitions: readonly string[]) {
  return {
    [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': [...partitions] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

/** What roles may be granted on the routing table. */
export class RoutesGrants {
  private readonly owner: TableOwner;

  constructor(owner: TableOwner) {
    this.owner = owner;
  }

  /** Reading the replica of one region. */
  grantReadRoutes(grantee: IGrantable, region: string): void {
    grant(grantee, { sid: 'ReadRoutes', actions: [...routeReadActions], resources: [this.arn(region)] });
  }

  /** Telling plan and the region's other processes what failed on the data path. */
  grantTell(grantee: IGrantable, region: string): void {
    grant(grantee, {
      sid: 'TellWhatFails',
      actions: [...tellActions],
      resources: [this.arn(region)],
      conditions: onlyPartitions('StringEquals', toldPartitions(region)),
    });
  }

  /** Carrying out operators' orders, on exactly the items that they change. */
  grantOperate(grantee: IGrantable, region: string, statements: readonly OperateStatement[]): void {
    for (const { sid, actions, partitions } of statements)
      grant(grantee, {
        sid,
        actions: [...actions],
        resources: [this.arn(region)],
        conditions: onlyPartitions('StringEquals', partitions),
      });
  }

  /** Reading and writing routes, history and holds, in one region. */
  grantPublishRoutes(grantee: IGrantable, region: string): void {
    grant(grantee, {
      sid: 'PublishRoutes',
      actions: [...routeReadActions, ...routePublishActions],
      resources: [this.arn(region)],
    });
  }

  private arn(region: string): string {
    return arnOf(this.owner, 'routes', region);
  }
}

/** What roles may be granted on the observations, which stand in the home region alone. */
export class ObservationsGrants {
  private readonly owner: TableOwner;
  private readonly region: string;

  constructor(owner: TableOwner & { readonly region: string }) {
    this.owner = owner;
    this.region = owner.region;
  }

  /** Keeping what was learned of one account and region, and of no other. */
  grantWriteObservations(
    grantee: IGrantable,
    of: { readonly account: string; readonly region: string },
  ): void {
    grant(grantee, {
      sid: 'WriteOwnObservations',
      actions: [...observationWriteActions],
      resources: [arnOf(this.owner, 'observations', this.region)],
      conditions: onlyPartitions('StringEquals', [observationPartition(of.account, of.region)]),
    });
  }

  /** Keeping what verify proved and spent, in its own partition; what was spent is read by itself. */
  grantWriteVerifications(grantee: IGrantable): void {
    grant(grantee, {
      sid: 'WriteVerifications',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [arnOf(this.owner, 'observations', this.region)],
      conditions: onlyPartitions('StringEquals', [verificationPartition]),
    });
  }

  grantReadObservations(grantee: IGrantable): void {
    grant(grantee, {
      sid: 'ReadObservations',
      actions: [...observationReadActions],
      resources: [arnOf(this.owner, 'observations', this.region)],
    });
  }
}

/** Reading operators' words from the copies of some regions. */
export function grantReadControls(grantee: IGrantable, owner: TableOwner, regions: readonly string[]): void {
  grant(grantee, {
    sid: 'ReadControls',
    actions: [...controlReadActions],
    resources: regions.map((region) => arnOf(owner, 'controls', region)),
  });
}

/** Saying the words of one region, in its copy; `sid` tells one region's statement from another's. */
export function grantSayControls(
  grantee: IGrantable,
  owner: TableOwner,
  { region, sid }: { readonly region: string; readonly sid: string },
): void {
  grant(grantee, {
    sid,
    actions: [...controlWriteActions],
    resources: [arnOf(owner, 'controls', region)],
    conditions: onlyPartitions('StringEquals', [region]),
  });
}

/** Reading the keys of tenants from the replica of one region. */
export function grantReadKeys(grantee: IGrantable, owner: TableOwner, region: string): void {
  grant(grantee, {
    sid: 'ReadKeys',
    actions: [...keyReadActions],
    resources: [arnOf(owner, 'tenants', region)],
  });
}

/** Taking from the buckets of tenants, in the gateway's own account and region. */
export function grantUseLedger(grantee: IGrantable, owner: TableOwner, region: string): void {
  grant(grantee, {
    sid: 'UseLedger',
    actions: [...ledgerActions],
    resources: [arnOf(owner, 'ledger', region)],
  });
}

/** Taking slots of targets and giving them back, in the gateway's own account and region. */
export function grantUseCapacity(grantee: IGrantable, owner: TableOwner, region: string): void {
  grant(grantee, {
    sid: 'UseCapacity',
    actions: [...capacityActions],
    resources: [arnOf(owner, 'capacity', region)],
  });
}

/** Knowing of files and batches, in the gateway's own account and region. */
export function grantUseBatches(grantee: IGrantable, owner: TableOwner, region: string): void {
  grant(grantee, {
    sid: 'UseBatches',
    actions: [...batchActions],
    resources: [arnOf(owner, 'batches', region)],
  });
}

/** Knowing how far the chain is and moving its head, in the gateway's own account and region. */
export function grantMoveAuditHead(grantee: IGrantable, owner: TableOwner, region: string): void {
  grant(grantee, {
    sid: 'MoveAuditHead',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    resources: [arnOf(owner, 'audit', region)],
  });
}

/** Knowing how far each chain is, in every gateway region. */
export function grantReadAuditHead(
  grantee: IGrantable,
  deployment: string,
  places: readonly { readonly account: string; readonly region: string }[],
): void {
  grant(grantee, {
    sid: 'ReadAuditHeads',
    actions: [...auditHeadReadActions],
    resources: places.map(({ account, region }) => arnOf({ deployment, account }, 'audit', region)),
  });
}

function arnOf(owner: TableOwner, kind: TableKind, region: string): string {
  return tableArn({ deployment: owner.deployment, account: owner.account, kind, region });
}

function grant(grantee: IGrantable, statement: PolicyStatementProps): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.ALLOW, ...statement }));
}
