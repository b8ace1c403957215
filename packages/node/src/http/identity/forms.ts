import type { FastifyInstance } from 'fastify';

const LIMIT_BYTES = 65_536;

/** Reads bodies as HTML forms send them, for the routes of a scope; of a name given twice the first counts. */
export function readForm(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: LIMIT_BYTES },
    async (_request: unknown, body: string | Buffer) => {
      const form: Record<string, string> = Object.create(null);
      for (const [name, value] of new URLSearchParams(String(body))) form[name] ??= value;
      return form;
    },
  );
}
