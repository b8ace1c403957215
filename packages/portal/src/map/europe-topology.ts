import type { feature } from 'topojson-client';
import { countryOfAtlasId } from './countries.ts';

/** A TopoJSON topology, as topojson-client takes it. */
type Topology = Parameters<typeof feature>[0];
type Area =
  | { readonly type: 'Polygon'; readonly arcs: number[][] }
  | { readonly type: 'MultiPolygon'; readonly arcs: number[][][] };

interface Country {
  readonly type: 'MultiPolygon';
  readonly arcs: number[][][];
  readonly properties: { readonly country: string };
}

/** Countries by their ISO 3166-1 alpha-2, which is empty for territory without one. */
export interface EuropeTopology extends Topology {
  readonly objects: { countries: { readonly type: 'GeometryCollection'; geometries: Country[] } };
}

/** Degrees; what lies wholly outside (overseas territories, Siberia's islands) is left out. */
const WINDOW = { west: -26, east: 50, south: 30, north: 72.5 };

/**
 * Cuts the countries in and around Europe out of a quantised world topology: their polygons that touch the window, and
 * only the arcs that those use; one geometry a country. Territory without an ISO number is together, with an empty name.
 */
export function europeOf(world: Topology): EuropeTopology {
  const source = world.objects.countries;
  if (source?.type !== 'GeometryCollection') throw new TypeError('the topology has no countries');
  const kept = new Map<number, number>();
  const arcs: Topology['arcs'] = [];
  const renumber = (ring: readonly number[]): number[] =>
    ring.map((arc) => {
      const index = arc < 0 ? ~arc : arc;
      const known = kept.get(index) ?? arcs.push(world.arcs[index]!) - 1;
      kept.set(index, known);
      return arc < 0 ? ~known : known;
    });
  const territories = new Map<string, number[][][]>();
  for (const geometry of source.geometries) {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') continue;
    const polygons = polygonsOf(geometry).filter((polygon) => touchesWindow(world, polygon[0] ?? []));
    if (polygons.length === 0) continue;
    const country = countryOfAtlasId(geometry.id) ?? '';
    const before = territories.get(country) ?? [];
    territories.set(country, [...before, ...polygons.map((rings) => rings.map(renumber))]);
  }
  const geometries = [...territories].map(
    ([country, polygons]): Country => ({
      type: 'MultiPolygon',
      arcs: polygons,
      properties: { country },
    }),
  );
  return {
    type: 'Topology',
    ...(world.transform && { transform: world.transform }),
    objects: { countries: { type: 'GeometryCollection', geometries } },
    arcs,
  };
}

function polygonsOf(geometry: Area): number[][][] {
  return geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs;
}

function touchesWindow(world: Topology, ring: readonly number[]): boolean {
  return ring.some((arc) => {
    const [x, y] = world.arcs[arc < 0 ? ~arc : arc]?.[0] ?? [];
    if (x === undefined || y === undefined) return false;
    const [scaleX, scaleY] = world.transform?.scale ?? [1, 1];
    const [west, south] = world.transform?.translate ?? [0, 0];
    const longitude = x * scaleX + west;
    const latitude = y * scaleY + south;
    return (
      longitude > WINDOW.west && longitude < WINDOW.east && latitude > WINDOW.south && latitude < WINDOW.north
    );
  });
}
