import { describe, expect, it } from 'vitest';
import type { ControlError } from '#local/service.ts';
import { parseTrafficOrder, trafficGround } from '#local-mode/traffic-order.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const ground = trafficGround(acmeConfig(), shippedFacts);

describe('an order of traffic', () => {
  it('that says nothing asks every model that chats, at every gateway that may read the prompt', () => {
    expect(parseTrafficOrder(undefined, ground)).toEqual({
      requestsPerSecond: 4,
      seconds: 120,
      trace: 'conversation',
      models: ['chat-large', 'chat-small'],
      residency: 'anywhere',
      gateways: ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'eu-west-1'],
    });
  });

  it('of one residency goes to its gateways alone', () => {
    expect(parseTrafficOrder({ residency: 'eu' }, ground).gateways).toEqual(['eu-central-1', 'eu-west-1']);
    expect(parseTrafficOrder({ residency: 'frankfurt', model: 'chat-large' }, ground)).toMatchObject({
      gateways: ['eu-central-1'],
      models: ['chat-large'],
    });
    // Whoever names gateways may ask one outside, and sees it refuse.
    expect(parseTrafficOrder({ residency: 'eu', gateways: ['us-east-1'] }, ground).gateways).toEqual([
      'us-east-1',
    ]);
  });

  it('is refused whole, with everything that is wrong', () => {
    const order = {
      requestsPerSecond: 51,
      seconds: 0,
      trace: 'sinus',
      model: 'embed',
      residency: 'mars',
      gateways: [],
      rate: 1,
    };
    try {
      parseTrafficOrder(order, ground);
      expect.unreachable();
    } catch (error) {
      const { violations } = error as ControlError;
      expect(violations.map(({ path, message }) => `${path} ${message}`)).toEqual([
        'requestsPerSecond is 51; must be a number above 0, at most 50',
        'seconds is 0; must be a number above 0, at most 600',
        'trace is "sinus"; must be one of conversation, longContext',
        'model is "embed"; must be one of chat-large, chat-small',
        'residency is "mars"; must be one of us, eu, japan, frankfurt, anywhere',
        'gateways is []; must be a list of some of us-east-1, eu-central-1, ap-northeast-1, eu-west-1',
        'rate is not a field; fields are requestsPerSecond, seconds, trace, model, residency, gateways',
      ]);
    }
    expect(() => parseTrafficOrder([], ground)).toThrow('must be an object');
  });

  it('needs a key that stands in the configuration', () => {
    expect(() => parseTrafficOrder({}, trafficGround(acmeConfig({ tenants: {} }), shippedFacts))).toThrow(
      'no tenant of the configuration has a key',
    );
  });
});
