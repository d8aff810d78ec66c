import { describe, expect, it } from 'vitest';
import { parseConfig, type SpillwayConfigInput } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

const violationsOf = (frontDoor: unknown) => {
  const result = parseConfig({ ...acme, frontDoor });
  return result.ok ? [] : result.violations.map(({ path, message }) => `${path}: ${message}`);
};
const zone = { account: '222222222222', id: 'Z0123456789', name: 'llm.example.com' };

describe('the front door', () => {
  it('is a REST API of gateways that check keys, unless it is said otherwise', () => {
    const result = parseConfig(acme);
    expect(result.ok && result.config.frontDoor).toEqual({ kind: 'rest-api', authorization: 'keys' });
  });

  it('refuses what is no zone, certificate, kind or rate, all at once', () => {
    expect(
      violationsOf({
        kind: 'http-api',
        domain: {
          zones: [{ account: 1, id: 'zone', name: 'Example.com.' }],
          certificates: { mars: 'arn:aws:iam::1:x' },
        },
        firewall: { requestsPerAddressMax: 5 },
      }),
    ).toEqual([
      'frontDoor.kind: "http-api" must be "rest-api" or "function-url"',
      'frontDoor.domain.zones[0].account: 1 must be an AWS account id of 12 digits in quotes, such as "111111111111"',
      'frontDoor.domain.zones[0].id: "zone" must be the id of a Route 53 hosted zone such as "Z0123456789ABCDEFGHIJ"',
      'frontDoor.domain.zones[0].name: "Example.com." must be the name of a zone in lower case, such as "llm.example.com"',
      expect.stringContaining('frontDoor.domain.certificates.mars: '),
      'frontDoor.firewall.requestsPerAddressMax: 5 must be a whole number from 10 to 2000000000',
    ]);
    expect(violationsOf({ domain: { zones: [] } })).toEqual([
      'frontDoor.domain.zones: [] must list at least one hosted zone',
    ]);
  });
});

describe('the addresses of gateways', () => {
  const urls = (changes: Partial<SpillwayConfigInput>) => {
    const result = parseConfig({ ...acme, ...changes });
    return result.ok ? result.config.gatewayUrls : {};
  };

  it('follow from the zone of each one’s account, unless they are written', () => {
    const frontDoor = { domain: { zones: [zone] } };
    expect(urls({ frontDoor })).toEqual({
      'eu-central-1': 'https://eu-central-1.llm.example.com',
      'eu-west-1': 'https://eu-west-1.llm.example.com',
    });
    const written = { 'eu-west-1': 'https://llm.acme.example', 'us-east-1': 'https://us.acme.example' };
    expect(urls({ frontDoor, gatewayUrls: written })).toEqual({
      ...written,
      'eu-central-1': 'https://eu-central-1.llm.example.com',
    });
  });

  it('are those that are written where there is no domain', () => expect(urls({})).toEqual({}));
});
