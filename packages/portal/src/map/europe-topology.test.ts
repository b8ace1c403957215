import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import { expect, test } from 'vitest';
import { europeOf } from './europe-topology.ts';

const world = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('world-atlas/countries-50m.json'), 'utf8'),
);
const EU = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');

test('the map has every country of the Union, and little else of the world', () => {
  const topology = europeOf(world);
  const countries = new Set(
    topology.objects.countries.geometries.map((one) => Reflect.get(one.properties ?? {}, 'country')),
  );
  expect(EU.filter((country) => !countries.has(country))).toEqual([]);
  expect(JSON.stringify(topology).length).toBeLessThan(JSON.stringify(world).length / 2);
});

test('a country is drawn once, whatever it consists of', () => {
  const names = europeOf(world).objects.countries.geometries.map((one) =>
    Reflect.get(one.properties ?? {}, 'country'),
  );
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('France keeps its mainland where it is and loses its overseas territories', () => {
  const topology = europeOf(world);
  const { features } = feature(topology, topology.objects.countries);
  const france = features.find((one) => one.properties.country === 'FR')!;
  const longitudes = JSON.stringify(france.geometry)
    .match(/-?\d+\.?\d*(?=,)/g)!
    .map(Number);
  expect(Math.min(...longitudes)).toBeGreaterThan(-6);
  expect(Math.max(...longitudes)).toBeLessThan(10);
});
