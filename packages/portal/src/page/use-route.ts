import { useEffect, useState } from 'react';
import { type Route, routeOf } from './routes.tsx';

/** The page that the address names (`#/account`); the question's page where it names none. */
export function useRoute(): Route | undefined {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const read = () => setRoute(routeOf(location.hash));
    addEventListener('hashchange', read);
    addEventListener('popstate', read);
    return () => {
      removeEventListener('hashchange', read);
      removeEventListener('popstate', read);
    };
  }, []);
  return route;
}
