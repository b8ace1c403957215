/** The part of oidc-provider 9 that Federome uses; the package has no types of its own. */
declare module 'oidc-provider' {
  import type { KeyObject } from 'node:crypto';
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Context {
    readonly oidc: {
      readonly provider: Provider;
      readonly params: Readonly<Record<string, unknown>>;
      readonly client: { readonly clientId: string; readonly clientAuthMethod: string };
      readonly result?: { readonly consent?: { readonly grantId?: string } };
      readonly session: { readonly accountId?: string; grantIdFor(clientId: string): string | undefined };
      readonly entities: Readonly<Record<string, unknown>>;
      readonly requestParamScopes: ReadonlySet<string>;
      readonly resourceServers?: Readonly<Record<string, unknown>>;
    };
    readonly req: IncomingMessage;
    body: unknown;
    type: string;
    status: number;
  }

  export interface Interaction {
    readonly uid: string;
    readonly prompt: { readonly name: string };
    readonly params: Readonly<Record<string, unknown>>;
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  export interface AccessToken {
    readonly accountId: string;
    readonly clientId: string;
    readonly scope?: string;
    readonly isValid: boolean;
  }

  export class ExternalSigningKey {
    kid: string;
    alg: string;
    keyObject(): KeyObject;
    sign(data: Buffer): Promise<Buffer>;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    proxy: boolean;
    readonly issuer: string;
    readonly Grant: new (of: {
      readonly clientId: string;
      readonly accountId: string;
    }) => Grant;
    readonly AccessToken: { find(token: string): Promise<AccessToken | undefined> };
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options?: { readonly mergeWithLastSubmission?: boolean },
    ): Promise<string>;
    registerGrantType(
      name: string,
      handler: (context: Context) => Promise<void>,
      parameters: readonly string[],
    ): void;
    on(event: string, listener: (...values: readonly unknown[]) => void): this;
  }

  export const errors: {
    readonly InvalidRequest: new (description: string) => Error;
    readonly InvalidGrant: new (description: string) => Error;
    readonly InvalidClient: new (description: string) => Error;
    readonly InvalidTarget: new (description: string) => Error;
  };
}
