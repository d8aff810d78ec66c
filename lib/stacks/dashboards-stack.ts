import { Annotations } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Board } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';
import { checkBoard, overfullPanels } from '#core/boards/check-board.ts';
import { type BoardSetting, cloudWatchBoard } from '#core/boards/cloudwatch-board.ts';
import { metricShapeOf } from '#core/metrics/metric-shape.ts';
import type { MetricShape } from '#core/metrics/registry.ts';
import { dashboardName } from '../deployment-names.ts';
import { discoveredPlaces } from '../places.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface DashboardsStackProps {
  readonly config: SpillwayConfig;
}

/**
 * The boards of the deployment as CloudWatch dashboards, once, at home: there the metrics of all accounts are seen whose
 * regions have a sink.
 *
 * @throws RangeError with all that CloudWatch would refuse
 */
export class DashboardsStack extends SpillwayStack {
  constructor(scope: Construct, id: string, { config }: DashboardsStackProps) {
    super(scope, id, {
      config,
      place: config.home,
      description: 'Spillway: dashboards of availability, routing, models, capacity, cost and discovery',
    });
    const setting = settingOf(config);
    const violations = boards.flatMap((board) => checkBoard(board, setting));
    if (violations.length > 0) throw new RangeError(violations.join('\n'));
    for (const board of boards) this.#add(board, setting);
  }

  #add(board: Board, setting: BoardSetting): void {
    new CfnDashboard(this, board.id, {
      dashboardName: dashboardName(this.config.name, board.id),
      dashboardBody: JSON.stringify(cloudWatchBoard(board, setting)),
    });
    for (const panel of overfullPanels(board, shapeOfRegion(this.config)))
      Annotations.of(this).addWarningV2(`spillway:overfull-panel:${board.id}`, panel);
  }
}

function settingOf(config: SpillwayConfig): BoardSetting {
  const regions = new Set([...discoveredPlaces(config).map(({ region }) => region), ...config.gateways]);
  return {
    homeRegion: config.home.region,
    regions: [...regions].sort(),
    accounts: config.accounts.map(({ id }) => id),
    models: Object.keys(config.models).sort(),
    tenants: Object.keys(config.tenants).sort(),
  };
}

/** What the fullest region publishes: a graph shows one region. */
function shapeOfRegion(config: SpillwayConfig): MetricShape {
  const shape = metricShapeOf(config);
  const byRegion = Map.groupBy(discoveredPlaces(config), ({ region }) => region);
  const accountRegions = Math.max(0, ...[...byRegion.values()].map(({ length }) => length));
  return { ...shape, accountRegions, gateways: 1, auditedGateways: Math.min(1, shape.auditedGateways) };
}
