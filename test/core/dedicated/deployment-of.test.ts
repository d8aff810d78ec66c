import { describe, expect, it } from 'vitest';
import type { DedicatedEntry } from '#core/dedicated/deployment-of.ts';
import { deploymentOf, memberOfEntry } from '#core/dedicated/deployment-of.ts';
import { aDeployment } from '#test/builders/a-deployment.ts';

const { region, endpoint, component, engine, contextTokensMax, concurrencyPerCopy, copies, ...others } =
  aDeployment();
const { instanceTypes, ...deploy } = others;
const entry: DedicatedEntry = {
  account: '111111111111',
  region,
  endpoint,
  component,
  engine,
  contextTokensMax,
  concurrencyPerCopy,
  copies,
  instanceType: instanceTypes[0],
  deploy: { ...deploy, otherInstanceTypes: ['ml.p5.4xlarge'] },
};

describe('the deployment of an endpoint in a configuration', () => {
  it('is put together from the entry and its member deploy', () => {
    const read = deploymentOf(entry);
    expect(read).toMatchObject({
      kind: 'deployment',
      deployment: aDeployment({ instanceTypes: ['ml.g6e.2xlarge', 'ml.p5.4xlarge'] }),
    });
  });

  it('is none where the endpoint exists already', () => {
    expect(deploymentOf({ ...entry, deploy: undefined })).toBeUndefined();
  });

  it('needs what an endpoint that exists may leave out', () => {
    const read = deploymentOf({
      ...entry,
      component: undefined,
      contextTokensMax: undefined,
      instanceType: undefined,
    });
    expect(read).toEqual({
      kind: 'missing',
      contradictions: [
        {
          member: 'component',
          message: 'is needed with deploy: the name of the inference component to make',
        },
        {
          member: 'contextTokensMax',
          message: 'is needed with deploy: the longest context, in tokens, that a copy is to hold',
        },
        {
          member: 'instanceType',
          message: 'is needed with deploy: what copies run on, such as "ml.g6e.2xlarge"',
        },
      ],
    });
  });

  it.each([
    ['contextTokensMax', 'contextTokensMax'],
    ['copiesMax', 'deploy.copiesMax'],
    ['engine', 'engine'],
    ['instanceTypes', 'deploy.otherInstanceTypes'],
    ['instanceTypes[0]', 'instanceType'],
    ['instanceTypes[2]', 'deploy.otherInstanceTypes[1]'],
    ['schedules[1].name', 'deploy.schedules[1].name'],
    ['speculation.draft', 'deploy.speculation.draft'],
  ])('says %s at %s', (member, place) => {
    expect(memberOfEntry(member)).toBe(place);
  });
});
