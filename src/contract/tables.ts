/** The product's tables as plain data, so that the State stack and local mode create the same ones. */
import {
  auditKeys,
  batchKeys,
  capacityKeys,
  controlKeys,
  ledgerKeys,
  observationKeys,
  routeKeys,
  type TableKind,
  tenantKeys,
} from './resources.ts';

export interface TableDefinition {
  readonly kind: TableKind;
  /** Attribute names; both keys are strings. */
  readonly keys: { readonly partition: string; readonly sort: string };
  /** Actions that other accounts of the deployment need on the table, by its ARN. */
  readonly guestActions: readonly string[];
  /** True for a global table with a replica in each gateway region. */
  readonly replicated: boolean;
  /** True for a table that each gateway region has of its own, in the gateway's account. @default - false: it stands at home */
  readonly perGateway?: boolean;
}

/** Made only where the configuration has `state.controls`, over the regions that it names. */
export const controlsTable: TableDefinition = {
  kind: 'controls',
  keys: controlKeys,
  // Gateways of other accounts read what operators said, and carry out their orders.
  guestActions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:DescribeTable'],
  replicated: true,
};

export const tableDefinitions: readonly TableDefinition[] = [
  {
    kind: 'routes',
    keys: routeKeys,
    // Gateways of other accounts read routes, write their own signals and carry out operators' orders.
    guestActions: [
      'dynamodb:Query',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DescribeTable',
    ],
    replicated: true,
  },
  {
    kind: 'observations',
    keys: observationKeys,
    // Discovery of other accounts writes its own items; gateways read all of them for the availability board.
    guestActions: [
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DescribeTable',
    ],
    replicated: false,
  },
  {
    kind: 'tenants',
    keys: tenantKeys,
    // Gateways of other accounts read all keys at once; only operators of the home account write them.
    guestActions: ['dynamodb:Scan', 'dynamodb:DescribeTable'],
    replicated: true,
  },
  {
    kind: 'ledger',
    keys: ledgerKeys,
    guestActions: [],
    replicated: false,
    perGateway: true,
  },
  {
    kind: 'capacity',
    keys: capacityKeys,
    guestActions: [],
    replicated: false,
    perGateway: true,
  },
  {
    kind: 'batches',
    keys: batchKeys,
    guestActions: [],
    replicated: false,
    perGateway: true,
  },
  {
    kind: 'audit',
    keys: auditKeys,
    // The witness at home reads how far each chain is.
    guestActions: ['dynamodb:GetItem'],
    replicated: false,
    perGateway: true,
  },
];
