import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';

/** One rule that one resource breaks. */
export interface Finding {
  readonly id: string;
  readonly path: string;
}

/** What somebody accepted, at a construct and everything in it. */
export interface Acknowledgement extends Finding {
  readonly reason: string;
}

/** Everything that the packs find, acknowledged or not. */
export function findingsOf(app: App): readonly Finding[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app), new NIST80053R5Checks(app)].flatMap(
    (pack) => {
      Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
      return pack
        .validateScope(app)
        .violations.flatMap(({ ruleName, violatingResources }) =>
          violatingResources.map(({ constructPath = '' }) => ({ id: ruleName, path: constructPath })),
        );
    },
  );
}

export function acknowledgementsOf(app: App): readonly Acknowledgement[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
      .map(([id, reason]) => ({ id: id.replace(/^annotation::/i, ''), reason, path: node.path })),
  );
}

/** True where the acknowledgement accepts the finding. */
export function accepts({ id, path }: Acknowledgement, finding: Finding): boolean {
  return id === finding.id && (finding.path === path || finding.path.startsWith(`${path}/`));
}
