/** What the next version changes in templates, beside what its own code puts there. */
import type { Assembly, AssemblyStack } from '#local/cloudformation/assembly.ts';
import type { ResourceJson } from '#test/builders/template-changes.ts';

type Resources = Record<string, ResourceJson>;

/** A variable of every function, one of plan alone, more memory, a longer recovery, and new things of several types. */
export function nextTemplates(assembly: Assembly): Assembly {
  return { ...assembly, stacks: assembly.stacks.map(nextStack) };
}

function nextStack(stack: AssemblyStack): AssemblyStack {
  const template = structuredClone(stack.template) as { Resources: Resources };
  const { Resources } = template;
  for (const [logicalId, resource] of Object.entries(Resources)) changeResource(logicalId, resource);
  if (stack.id.startsWith('Control-')) addCopy(Resources, 'AWS::Scheduler::Schedule', nightly);
  if (stack.id.startsWith('Gateway-')) {
    addCopy(Resources, 'AWS::CloudWatch::Alarm', ({ Properties }) => {
      Properties.AlarmName = 'acme-next-alarm';
    });
    addCopy(Resources, 'AWS::SQS::Queue', ({ Properties }) => {
      Properties.QueueName = 'acme-next-queue';
      delete Properties.RedrivePolicy;
      delete Properties.RedriveAllowPolicy;
    });
  }
  return { ...stack, template };
}

function changeResource(logicalId: string, { Type, Properties }: ResourceJson): void {
  for (const replica of Properties?.Replicas ?? []) {
    const recovery = replica.PointInTimeRecoverySpecification;
    if (recovery?.PointInTimeRecoveryEnabled === true) recovery.RecoveryPeriodInDays = 14;
  }
  if (Type !== 'AWS::Lambda::Function') return;
  Properties.MemorySize += 64;
  Properties.Environment.Variables.SPILLWAY_RESIDENCIES = 'us,eu';
  if (logicalId.startsWith('Plan')) Properties.Environment.Variables.SPILLWAY_ROUTE_SCHEMA_2 = 'embed/eu';
}

function nightly({ Properties }: ResourceJson): void {
  Properties.Name = 'acme-plan-nightly';
  Properties.ScheduleExpression = 'cron(0 3 * * ? *)';
}

/** A second resource like the first of its type, and other in what the change says. */
function addCopy(resources: Resources, type: string, change: (resource: ResourceJson) => void): void {
  const first = Object.values(resources).find(({ Type }) => Type === type);
  if (first === undefined) throw new Error(`there is no ${type} to make another of`);
  const copy = structuredClone(first);
  change(copy);
  resources[`Next${type.replaceAll(/[^A-Za-z]/g, '')}`] = copy;
}
