import {
  BasePathMapping,
  DomainName,
  EndpointType,
  type RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

/** The names under which one gateway answers. */
export interface GatewayNamesAttributes {
  /** The gateway's own name, which `zone` holds. */
  readonly ownName: string;
  /**
   * Names of the residencies that the gateway lies inside. Their records stand in another stack, with those of the other
   * gateways.
   */
  readonly residencyNames: readonly string[];
  /** The public hosted zone of the gateway's account. */
  readonly zone: { readonly id: string; readonly name: string };
  /**
   * ARN of a certificate for all these names, of the same account and region.
   * @default - one is made, and proved by records in `zone`
   */
  readonly certificateArn?: string;
}

export interface GatewayNamesProps extends GatewayNamesAttributes {
  readonly api: RestApi;
}

/**
 * Regional domain names before a REST API. A name that is not here is not answered, whatever a resolver says: the API of
 * a gateway outside a residency does not know that residency's name.
 */
export class GatewayNames extends Construct {
  constructor(scope: Construct, id: string, props: GatewayNamesProps) {
    super(scope, id);
    const { id: hostedZoneId, name: zoneName } = props.zone;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    const certificate = certificateOf(this, props, zone);
    const own = this.#answerTo('Own', props.ownName, { api: props.api, certificate });
    for (const name of props.residencyNames)
      this.#answerTo(`Name-${name}`, name, { api: props.api, certificate });
    new ARecord(this, 'Record', {
      zone,
      // With the dot a name is whole, and CDK appends nothing.
      recordName: `${props.ownName}.`,
      target: RecordTarget.fromAlias(new ApiGatewayDomain(own)),
      comment: 'One gateway, whatever residency asks',
    });
  }

  #answerTo(
    id: string,
    domainName: string,
    { api, certificate }: { readonly api: RestApi; readonly certificate: ICertificate },
  ): DomainName {
    const domain = new DomainName(this, id, {
      domainName,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new BasePathMapping(this, `${id}Stage`, { domainName: domain, restApi: api, stage: api.deploymentStage });
    return domain;
  }
}

function certificateOf(scope: Construct, props: GatewayNamesProps, zone: IHostedZone): ICertificate {
  if (props.certificateArn !== undefined)
    return Certificate.fromCertificateArn(scope, 'Certificate', props.certificateArn);
  return new Certificate(scope, 'Certificate', {
    domainName: props.ownName,
    subjectAlternativeNames: [...props.residencyNames],
    validation: CertificateValidation.fromDns(zone),
  });
}
