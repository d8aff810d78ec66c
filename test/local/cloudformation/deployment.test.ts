import { describe, expect, it } from 'vitest';
import { Deployment } from '#local/cloudformation/deployment.ts';
import type {
  MadeResource,
  ResourceHandler,
  ResourceRequest,
} from '#local/cloudformation/resource-handler.ts';

/** Things that are only remembered: by name, with their colour. */
interface Shelf {
  readonly things: Map<string, unknown>;
  /** What happened, in order. */
  readonly log: string[];
}

const thingHandler: ResourceHandler<Shelf> = {
  type: 'Test::Shelf::Thing',
  properties: { Name: 'text', Colour: 'text', Parts: [{ Key: 'text' }] },
  required: ['Name'],
  createOnly: ['Name'],
  async create(request, { things, log }) {
    const { Name, Colour } = request.properties;
    if (Colour === 'broken') throw new Error('it fell down');
    if (things.has(String(Name))) throw new Error(`${Name} already exists`);
    things.set(String(Name), Colour);
    log.push(`create ${Name}`);
    return madeOf(request);
  },
  async update({ request }, { things, log }) {
    const { Name, Colour } = request.properties;
    things.set(String(Name), Colour);
    if (Colour === 'broken') throw new Error('it fell down');
    log.push(`paint ${Name} ${Colour}`);
    return madeOf(request);
  },
  async remove({ made }: MadeResource, { things, log }) {
    things.delete(made.physicalId);
    log.push(`remove ${made.physicalId}`);
  },
};

const madeOf = ({ properties }: ResourceRequest) => ({
  physicalId: String(properties.Name),
  attributes: { Arn: `arn:${properties.Name}` },
});

function opened() {
  const shelf: Shelf = { things: new Map(), log: [] };
  const deployment = new Deployment(
    { handlers: new Map([[thingHandler.type, thingHandler]]), cloud: shelf },
    { parameters: { '/version': '30' }, secrets: { '111111111111/us-east-1/pepper': '{"hot":"yes"}' } },
  );
  const deploy = (template: object, stackName = 'one') =>
    deployment.deploy({
      id: stackName,
      stackName,
      account: '111111111111',
      region: 'us-east-1',
      tags: {},
      dependencies: [],
      template,
    });
  return { shelf, deployment, deploy };
}

const thing = (properties: object, more: object = {}) => ({
  Type: 'Test::Shelf::Thing',
  Properties: properties,
  ...more,
});
const place = { stackName: 'one', account: '111111111111', region: 'us-east-1' };

describe('a stack that is created', () => {
  it('makes each thing after what it refers to, and resolves every function', async () => {
    const { shelf, deployment, deploy } = opened();
    await deploy({
      Resources: {
        Last: thing({ Name: { 'Fn::Join': ['-', [{ Ref: 'First' }, { 'Fn::Select': [1, ['a', 'b']] }]] } }),
        First: thing({
          Name: { 'Fn::Sub': `x-\${AWS::Region}-\${Third.Arn}` },
          Colour: '{{resolve:secretsmanager:pepper:SecretString:hot::}}',
        }),
        Third: thing({ Name: { 'Fn::If': ['Big', 'big', 'small'] }, Colour: { Ref: 'AWS::NoValue' } }),
      },
      Conditions: { Big: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '111111111111'] } },
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['Last', 'Arn'] }, Export: { Name: 'last' } } },
    });
    expect([...shelf.things]).toEqual([
      ['big', undefined],
      ['x-us-east-1-arn:big', 'yes'],
      ['x-us-east-1-arn:big-b', undefined],
    ]);
    expect([...deployment.stacks.values()][0]?.outputs.get('Name')).toBe('arn:x-us-east-1-arn:big-b');
  });

  it.each([
    [
      'an unknown type',
      { A: { Type: 'Test::Shelf::Other' } },
      'one A: the resource type Test::Shelf::Other is not known',
    ],
    [
      'an unknown property',
      { A: thing({ Name: 'a', Size: 1 }) },
      'one A: Test::Shelf::Thing: unknown property Size',
    ],
    [
      'an unknown property within',
      { A: thing({ Name: 'a', Parts: [{ Kez: 1 }] }) },
      'unknown property Parts[0].Kez',
    ],
    ['a property of another kind', { A: thing({ Name: ['a'] }) }, 'Name must be a text, got ["a"]'],
    ['a missing property', { A: thing({}) }, 'one A: Test::Shelf::Thing: required property Name is missing'],
    [
      'an unknown attribute',
      { A: thing({ Name: 'a' }, { UpdatePolicy: {} }) },
      'unknown resource attribute UpdatePolicy',
    ],
    ['a reference to nothing', { A: thing({ Name: { Ref: 'B' } }) }, 'nothing is called B'],
    [
      'an attribute that is not there',
      { A: thing({ Name: { 'Fn::GetAtt': ['B', 'Size'] } }), B: thing({ Name: 'b' }) },
      'B has no attribute Size',
    ],
    [
      'a dependency on nothing',
      { A: thing({ Name: 'a' }, { DependsOn: 'B' }) },
      'DependsOn names B, which is no resource',
    ],
    [
      'a circle',
      { A: thing({ Name: { Ref: 'B' } }), B: thing({ Name: { Ref: 'A' } }) },
      'circular dependency: A → B → A',
    ],
    ['an export that nobody has', { A: thing({ Name: { 'Fn::ImportValue': 'x' } }) }, 'no stack exports x'],
    [
      'a function that is not known',
      { A: thing({ Name: { 'Fn::Cidr': 'x' } }) },
      'the function Fn::Cidr is not known',
    ],
    [
      'a secret that is not there',
      { A: thing({ Name: '{{resolve:secretsmanager:salt:SecretString:::}}' }) },
      'there is no secret salt in 111111111111 us-east-1',
    ],
  ])('fails with the name of %s', async (_, resources, message) => {
    const { shelf, deploy } = opened();
    await expect(deploy({ Resources: resources })).rejects.toThrow(message);
    expect(shelf.things.size).toBe(0);
  });

  it('fails where a rule of the template does not hold', async () => {
    const { deploy } = opened();
    const rule = (refused: string) => ({
      Parameters: { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/version' } },
      Rules: {
        Check: {
          Assertions: [
            {
              Assert: { 'Fn::Not': [{ 'Fn::Contains': [[refused], { Ref: 'Version' }] }] },
              AssertDescription: 'bootstrap again',
            },
          ],
        },
      },
      Resources: { A: thing({ Name: 'a' }) },
    });
    await expect(deploy(rule('30'))).rejects.toThrow('one Check: bootstrap again');
    await deploy(rule('5'));
  });

  it('takes back what it made when a later resource fails, but for what must be retained', async () => {
    const { shelf, deployment, deploy } = opened();
    const resources = {
      A: thing({ Name: 'a' }),
      Kept: thing({ Name: 'kept' }, { DeletionPolicy: 'Retain' }),
      B: thing({ Name: 'b', Colour: 'broken' }, { DependsOn: ['A', 'Kept'] }),
    };
    await expect(deploy({ Resources: resources })).rejects.toThrow('one B: Test::Shelf::Thing: it fell down');
    expect([...shelf.things.keys()]).toEqual(['kept']);
    expect(deployment.stacks.size).toBe(0);
  });
});

describe('a stack that is updated', () => {
  it('changes what may change, replaces what may not, and leaves the rest alone', async () => {
    const { shelf, deploy } = opened();
    await deploy({
      Resources: { A: thing({ Name: 'a' }), B: thing({ Name: 'b' }), C: thing({ Name: 'c' }) },
    });
    shelf.log.length = 0;
    const changes = await deploy({
      Resources: { A: thing({ Name: 'a' }), B: thing({ Name: 'b', Colour: 'red' }), C: thing({ Name: 'd' }) },
    });
    expect(shelf.log).toEqual(['paint b red', 'create d', 'remove c']);
    expect(changes.map(({ logicalId, step }) => `${logicalId} ${step}`)).toEqual([
      'A kept',
      'B updated',
      'C replaced',
      'C removed',
    ]);
  });

  it('retains what its policy retains, when it is replaced and when it leaves the template', async () => {
    const { shelf, deploy } = opened();
    const retained = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    await deploy({
      Resources: {
        A: thing({ Name: 'a' }, retained),
        B: thing({ Name: 'b' }, retained),
        C: thing({ Name: 'c' }),
      },
    });
    await deploy({ Resources: { A: thing({ Name: 'a2' }, retained), D: thing({ Name: 'd' }) } });
    expect([...shelf.things.keys()]).toEqual(['a', 'b', 'a2', 'd']);
  });

  it('undoes changes and replacements when a later one fails, and what failed half-way', async () => {
    const { shelf, deployment, deploy } = opened();
    await deploy({
      Resources: { A: thing({ Name: 'a', Colour: 'red' }), B: thing({ Name: 'b' }), C: thing({ Name: 'c' }) },
    });
    const next = {
      A: thing({ Name: 'a', Colour: 'blue' }),
      B: thing({ Name: 'b2' }),
      C: thing({ Name: 'c', Colour: 'broken' }),
    };
    await expect(deploy({ Resources: next })).rejects.toThrow('it fell down');
    expect(Object.fromEntries(shelf.things)).toEqual({ a: 'red', b: undefined, c: undefined });
    expect([...deployment.stacks.values()][0]?.resources.get('B')?.made.physicalId).toBe('b');
  });

  it('refuses to change or remove an export that another stack imports', async () => {
    const { deployment, deploy } = opened();
    const exporting = (name: string) => ({
      Resources: { A: thing({ Name: name }) },
      Outputs: { A: { Value: { Ref: 'A' }, Export: { Name: 'a' } } },
    });
    await deploy(exporting('a'));
    await deploy(
      { Resources: { B: thing({ Name: { 'Fn::Join': ['', ['b-', { 'Fn::ImportValue': 'a' }]] } }) } },
      'two',
    );
    const inUse = 'one: the export a is in use by 111111111111/us-east-1/two';
    await expect(deploy(exporting('c'))).rejects.toThrow(inUse);
    await expect(deployment.remove(place)).rejects.toThrow(inUse);
    await deployment.remove({ ...place, stackName: 'two' });
    await deployment.remove(place);
    expect(deployment.stacks.size).toBe(0);
  });
});
