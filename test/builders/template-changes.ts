/** Changes of synthesised templates, as a slip in the code that makes them would leave them. */

interface TemplateJson {
  readonly Resources: Record<string, ResourceJson>;
}

export interface ResourceJson {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties are of any shape, and a change that does not fit fails
  Properties: any;
  // biome-ignore lint/suspicious/noExplicitAny: other attributes of a resource
  [attribute: string]: any;
}

export interface StatementJson {
  Sid?: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Changes a template in place. @throws an Error where it finds nothing to change */
export type TemplateChange = (template: TemplateJson) => void;

/** The one resource of a type whose logical id holds the text. */
function resourceOf(template: TemplateJson, type: string, idPart = ''): ResourceJson {
  const found = Object.entries(template.Resources).filter(
    ([logicalId, resource]) => resource.Type === type && logicalId.includes(idPart),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${idPart}`);
  return only[1];
}

export const changing =
  (type: string, idPart: string, change: (resource: ResourceJson) => void): TemplateChange =>
  (template) =>
    change(resourceOf(template, type, idPart));

/** Takes actions out of every policy that lives in the roles of a stack. */
export const withoutAction =
  (action: string, idPart = ''): TemplateChange =>
  (template) => {
    let taken = 0;
    for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
      if (!logicalId.includes(idPart) || (Type !== 'AWS::IAM::Policy' && Type !== 'AWS::IAM::ManagedPolicy'))
        continue;
      const statements = Properties.PolicyDocument.Statement as StatementJson[];
      for (const statement of statements) {
        const actions = [statement.Action].flat();
        if (!actions.includes(action)) continue;
        taken += 1;
        statement.Action = actions.filter((one) => one !== action);
        // IAM takes no statement without actions.
        if (statement.Action.length === 0) statement.Action = 'sts:GetCallerIdentity';
      }
    }
    if (taken === 0) throw new Error(`no policy allows ${action}`);
  };

/** The statements of the policy on one replica of a table. */
export function tableStatements(table: ResourceJson, region: string): StatementJson[] {
  const replica = table.Properties.Replicas.find((one: { Region: string }) => one.Region === region);
  if (replica?.ResourcePolicy === undefined) throw new Error(`no policy in ${region}`);
  return replica.ResourcePolicy.PolicyDocument.Statement;
}
