/** Function URLs: each a real server, whose callers sign where it asks for IAM and are judged by the engine. */
import { createHash } from 'node:crypto';
import { openFunctionUrl } from '../../lambda/front-doors/function-url.ts';
import type { OpenDoor } from '../../lambda/front-doors/listen-at-door.ts';
import type { SignedCaller } from '../../lambda/front-doors/signed-caller.ts';
import type { FunctionBook } from './function-book.ts';
import { accountOf, regionOf, type ServiceAccess } from './service-access.ts';

export interface FunctionUrl {
  /** Of the function, or of its alias. */
  readonly functionArn: string;
  readonly authType: 'AWS_IAM' | 'NONE';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
}

export class FunctionUrlBook {
  readonly #functions: FunctionBook;
  readonly #access: ServiceAccess;
  readonly #doors = new Map<string, OpenDoor>();

  constructor(functions: FunctionBook, access: ServiceAccess) {
    this.#functions = functions;
    this.#access = access;
  }

  /** @throws an Error where the function has a URL already */
  async open(url: FunctionUrl): Promise<void> {
    const { functionArn, authType, invokeMode } = url;
    if (this.#doors.has(functionArn))
      throw new Error(`ResourceConflictException: ${functionArn} has a URL already`);
    const { host } = this.#functions;
    const door = await openFunctionUrl({
      ...{ host, functionArn, invokeMode },
      ...(authType === 'NONE'
        ? {}
        : { permits: ({ caller, action }) => this.#permits(caller, { action, functionArn }) }),
    });
    this.#doors.set(functionArn, door);
  }

  async close(functionArn: string): Promise<void> {
    await this.#doors.get(functionArn)?.close();
    this.#doors.delete(functionArn);
  }

  /** Where `https://<id>.lambda-url.<region>.on.aws` answers. @throws an Error where there is none */
  originOf(id: string): string {
    const [, door] = [...this.#doors].find(([functionArn]) => urlIdOf(functionArn) === id) ?? [];
    if (door === undefined) throw new Error(`there is no function URL ${id}`);
    return door.url;
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#doors.keys()].map((arn) => this.close(arn)));
  }

  /** A call through a URL says so, and by which kind of authorization. */
  #permits(
    caller: SignedCaller,
    { action, functionArn }: { readonly action: string; readonly functionArn: string },
  ): Promise<boolean> {
    const context: Readonly<Record<string, string>> =
      action === 'lambda:InvokeFunctionUrl'
        ? { 'lambda:FunctionUrlAuthType': 'AWS_IAM' }
        : { 'lambda:InvokedViaFunctionUrl': 'true' };
    const question = { action, resource: functionArn, account: accountOf(functionArn), context };
    return this.#access.letsCaller(caller, question, regionOf(functionArn));
  }
}

/** As Lambda's own: 32 letters and digits. */
export const urlIdOf = (functionArn: string): string =>
  createHash('sha256').update(functionArn).digest('hex').slice(0, 32);
