import type { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { describe, expect, it } from 'vitest';
import { GatewayNames } from '#lib/constructs/gateway-names.ts';
import { built } from '#test/lib/built.ts';

function named(certificateArn?: string): Template {
  return built((stack) => {
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('ANY');
    new GatewayNames(stack, 'Names', {
      api,
      ownName: 'us-east-1.llm.example.com',
      residencyNames: ['us.llm.example.com', 'anywhere.llm.example.com'],
      zone: { id: 'Z0001', name: 'llm.example.com' },
      ...(certificateArn === undefined ? {} : { certificateArn }),
    });
  });
}

describe('GatewayNames', () => {
  it('answers to each name in the region, over TLS 1.2 or later, at the stage of the API', () => {
    const template = named();
    const domains = Object.values(template.findResources('AWS::ApiGateway::DomainName'));
    expect(domains.map(({ Properties }) => Properties.DomainName)).toEqual([
      'us-east-1.llm.example.com',
      'us.llm.example.com',
      'anywhere.llm.example.com',
    ]);
    template.allResourcesProperties('AWS::ApiGateway::DomainName', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
    });
    template.resourceCountIs('AWS::ApiGateway::BasePathMapping', 3);
  });

  it('writes its own name into its own zone, and no residency’s', () => {
    const records = Object.values(named().findResources('AWS::Route53::RecordSet'));
    expect(
      records.map(({ Properties }) => [Properties.Name, Properties.Type, Properties.HostedZoneId]),
    ).toEqual([['us-east-1.llm.example.com.', 'A', 'Z0001']]);
  });

  it('has one certificate for all its names, proved by its zone', () => {
    named().hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'us-east-1.llm.example.com',
      SubjectAlternativeNames: ['us.llm.example.com', 'anywhere.llm.example.com'],
      ValidationMethod: 'DNS',
      DomainValidationOptions: [
        { DomainName: 'us-east-1.llm.example.com', HostedZoneId: 'Z0001' },
        { DomainName: 'us.llm.example.com', HostedZoneId: 'Z0001' },
        { DomainName: 'anywhere.llm.example.com', HostedZoneId: 'Z0001' },
      ],
    });
  });

  it('uses the certificate that it is given', () => {
    const arn = 'arn:aws:acm:us-east-1:111111111111:certificate/1';
    const template = named(arn);
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.allResourcesProperties('AWS::ApiGateway::DomainName', { RegionalCertificateArn: arn });
  });
});
