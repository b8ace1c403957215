import { type GeoPermissibleObjects, geoArea, geoAzimuthalEqualArea, geoCentroid, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import topology from 'world-atlas/countries-50m.json';

/** A country as it is drawn at some size, in pixels. */
export interface DrawnCountry {
  /** ISO 3166-1 alpha-2; empty for territory without one. */
  readonly country: string;
  readonly path: string;
  /** Middle of the largest part of its territory. */
  readonly centre: readonly [number, number];
  /** Too small to be seen or hit at this size. */
  readonly isTiny: boolean;
  /** Where its caption begins, to the right of it, where it is too small for one inside. */
  readonly aside?: readonly [number, number] | undefined;
}

// Lisbon to Cyprus and the North Cape: what must be in the picture.
const FRAME: GeoPermissibleObjects = {
  type: 'MultiPoint',
  coordinates: [
    [-10.8, 37],
    [-10.8, 54],
    [4, 35.2],
    [23.5, 34.2],
    [34.8, 34.4],
    [33, 46],
    [26, 71.3],
    [12, 69],
  ],
};
const TINY_PX2 = 110;
// A caption of five characters is as wide.
const CAPTION_PX = 46;

const { features } = feature(topology, topology.objects.countries);
const largestParts = features.map(({ geometry }): GeoPermissibleObjects => {
  if (geometry.type !== 'MultiPolygon') return geometry;
  const parts = geometry.coordinates.map((coordinates) => ({ type: 'Polygon' as const, coordinates }));
  return parts.reduce((largest, part) => (geoArea(part) > geoArea(largest) ? part : largest), parts[0]!);
});

/** Width to height of the map. */
export const MAP_RATIO = 0.92;

/** Europe in the equal-area projection of its statistics (EPSG:3035 centres it at 52° N 10° E), fitted into a box. */
export function drawEurope(width: number, height: number): DrawnCountry[] {
  const projection = geoAzimuthalEqualArea()
    .rotate([-10, -52])
    .fitExtent(
      [
        [4, 4],
        [width - 4, height - 4],
      ],
      FRAME,
    );
  projection.clipExtent([
    [-20, -20],
    [width + 20, height + 20],
  ]);
  const path = geoPath(projection).digits(1);
  return features.flatMap((one, index) => {
    const drawn = path(one);
    const centre = projection(geoCentroid(largestParts[index]!));
    if (drawn === null || centre === null) return [];
    const part = largestParts[index]!;
    const isTiny = path.area(part) < TINY_PX2;
    return [
      {
        country: one.properties.country,
        path: drawn,
        centre,
        isTiny,
        aside: asideOf(path.bounds(part), centre, isTiny),
      },
    ];
  });
}

function asideOf(
  [[left], [right]]: [[number, number], [number, number]],
  [x, y]: readonly [number, number],
  isTiny: boolean,
): readonly [number, number] | undefined {
  if (isTiny) return [x + 14, y + 4];
  return right - left < CAPTION_PX ? [right + 5, y + 4] : undefined;
}
