import type { Role } from '@federome/core';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** A page beside the question's; each is a chunk of its own that is loaded when it is looked at. */
export interface Route {
  /** After the `#`, which browsers never send to a server. */
  readonly path: `/${string}`;
  /** Key of its name in the masthead. */
  readonly label: 'account.title' | 'people.title' | 'audit.title';
  /** Who finds it in the masthead; everybody who is logged in where omitted. The server decides what it shows. */
  readonly roles?: readonly Role[];
  readonly page: LazyExoticComponent<ComponentType>;
}

/** In the order of the masthead. */
export const ROUTES: readonly Route[] = [
  { path: '/account', label: 'account.title', page: lazy(() => import('../account/AccountPage.tsx')) },
  {
    path: '/people',
    label: 'people.title',
    roles: ['operator'],
    page: lazy(() => import('../people/PeoplePage.tsx')),
  },
  {
    path: '/audit',
    label: 'audit.title',
    roles: ['operator', 'auditor'],
    page: lazy(() => import('../audit/AuditPage.tsx')),
  },
];

/** The page of an address's fragment, where it names one. */
export function routeOf(fragment: string): Route | undefined {
  return ROUTES.find(({ path }) => fragment === `#${path}`);
}
