import type { CheckableConfig, ConfigFindings } from './config-findings.ts';

/** The pipeline's source: CodePipeline uses a connection of its own account only. */
export function checkPipeline({ pipeline, home }: CheckableConfig): ConfigFindings {
  const account = pipeline?.connection?.arn.split(':')[4];
  if (account === undefined || account === home.account) return { errors: [], warnings: [] };
  const message = `is of account ${account}; the pipeline stands in ${home.account} and needs a connection of that account`;
  return { errors: [{ path: 'pipeline.connection.arn', message }], warnings: [] };
}
