import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { IDoor } from './door.ts';
import { FunctionUrlDoor } from './function-url-door.ts';
import { RestDoor, type RestDoorProps } from './rest-door.ts';

/** What a front door leads to. */
export interface FrontDoorTarget {
  readonly name: string;
  /** Answers every path and method, as a stream: the function, or its alias. */
  readonly handler: IFunction;
  /** The longest that an answer may take, at most 15 minutes. */
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /**
   * For logs: a key of the same account and region, which CloudWatch Logs may use.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
}

export type RestApiOptions = Pick<RestDoorProps, 'signedBy' | 'names' | 'firewall'>;

export interface FunctionUrlOptions {
  /** ARNs of the IAM roles and users that may call: a function URL is never open to everybody. */
  readonly signedBy: readonly string[];
}

/**
 * The choice of a front door. What a kind of door cannot have cannot be asked of it: a function URL takes no web ACL, no
 * names and no callers that do not sign.
 */
export abstract class FrontDoor {
  /** API Gateway, regional, with streamed answers. */
  static restApi(options: RestApiOptions = {}): FrontDoor {
    return new RestApiChoice(options);
  }

  /** The function's own URL, for callers who sign. */
  static functionUrl(options: FunctionUrlOptions): FrontDoor {
    return new FunctionUrlChoice(options);
  }

  /** Makes it. */
  abstract bind(scope: Construct, id: string, target: FrontDoorTarget): IDoor;
}

class RestApiChoice extends FrontDoor {
  readonly #options: RestApiOptions;

  constructor(options: RestApiOptions) {
    super();
    this.#options = options;
  }

  override bind(scope: Construct, id: string, { name, ...target }: FrontDoorTarget): IDoor {
    return new RestDoor(scope, id, { ...target, ...this.#options, apiName: name });
  }
}

class FunctionUrlChoice extends FrontDoor {
  readonly #options: FunctionUrlOptions;

  constructor(options: FunctionUrlOptions) {
    super();
    this.#options = options;
  }

  override bind(scope: Construct, id: string, { handler }: FrontDoorTarget): IDoor {
    return new FunctionUrlDoor(scope, id, { ...this.#options, handler });
  }
}
