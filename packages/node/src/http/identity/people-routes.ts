import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PeopleDesk } from '../../services/identity/people-desk.ts';
import { roleNamed } from '../../services/identity/people-service.ts';
import type { IdentityRoutesOptions } from './route-options.ts';
import { loggedIn } from './session-edge.ts';
import { textOf } from './shapes.ts';

/** People and their roles: `GET /api/people`, `PUT` and `DELETE /api/people/:id/roles/:role`, invitations. */
export function peopleRoutes(app: FastifyInstance, { identity, served }: IdentityRoutesOptions): void {
  const desk = new PeopleDesk(identity.people);
  const actor = (request: FastifyRequest) => {
    const { person, roles } = loggedIn(request).live;
    return { person: person.id, roles };
  };
  const named = (request: FastifyRequest) =>
    [textOf(request.params, 'id') ?? '', roleNamed(textOf(request.params, 'role') ?? '')] as const;

  app.get('/api/people', async (request) => {
    const people = await desk.list(actor(request));
    const { issuerOf } = await served();
    return {
      people: people.map(({ id, kind, issuer, subject, name, grants }) => ({
        id,
        kind,
        issuer: issuerOf(issuer),
        subject,
        name,
        roles: grants.map(({ role, from, until }) => ({ role, from, until })),
      })),
    };
  });

  app.put('/api/people/:id/roles/:role', async (request, reply) => {
    await desk.grant(actor(request), ...named(request));
    return await reply.code(204).send();
  });

  app.delete('/api/people/:id/roles/:role', async (request, reply) => {
    await desk.withdraw(actor(request), ...named(request));
    return await reply.code(204).send();
  });

  app.post('/api/people/invitations', async (request) => {
    return await desk.invite(actor(request), roleNamed(textOf(request.body, 'role') ?? ''));
  });
}
