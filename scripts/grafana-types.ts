/** What Grafana's own types say of a dashboard and of a query of CloudWatch: `write-grafana-schema.ts` makes a schema of them. */
import type { CloudWatchMetricsQuery } from '@grafana/schema/dist/esm/raw/composable/cloudwatch/dataquery/x/CloudWatchDataQuery_types.gen';
import type { Dashboard } from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';

export type GrafanaDashboard = Dashboard;
export type GrafanaQuery = CloudWatchMetricsQuery;
