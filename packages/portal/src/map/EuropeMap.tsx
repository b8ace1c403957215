import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countAttribute, frequencyAttribute } from '../answer/attributes.ts';
import type { CountryValue } from '../answer/country-values.ts';
import { type ClassScale, classesOf } from '../answer/scale.ts';
import { useFormat } from '../language/use-format.ts';
import { type DrawnCountry, drawEurope, MAP_RATIO } from './atlas.ts';
import { Legend } from './Legend.tsx';
import type { MapPanelProps } from './map-panel-props.ts';
import { neighbourOf } from './neighbour.ts';
import { Patterns } from './Patterns.tsx';
import { Region } from './Region.tsx';
import { Tooltip } from './Tooltip.tsx';
import { useDescription } from './use-description.ts';
import { useWidth } from './use-width.ts';

/** A choropleth of Europe whose member countries can be pointed at, and walked through with the arrow keys. */
export function EuropeMap({ values, shows, variant }: MapPanelProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const title = useId();
  const [frame, width] = useWidth();
  const svg = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<string>();
  const [current, setCurrent] = useState<string>();
  const height = Math.round(width / MAP_RATIO);
  const drawn = useMemo(() => drawEurope(width, height), [width, height]);
  const byCountry = useMemo(() => new Map(values.map((value) => [value.country, value])), [values]);
  const scale = useMemo(() => classesOf(values.flatMap(numberOf)), [values]);
  const describe = useDescription(shows);
  const members = drawn.filter(({ country }) => byCountry.has(country));
  members.sort((a, b) => format.compare(format.country(a.country), format.country(b.country)));
  const tabStop = members.some(({ country }) => country === current) ? current : members[0]?.country;
  const shown = members.find(({ country }) => country === pointed);
  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setPointed(undefined);
    const from = members.find(({ country }) => country === tabStop);
    const to = from && neighbourOf(from, members, event.key);
    if (to === undefined) return;
    event.preventDefault();
    svg.current?.querySelector<SVGElement>(`[data-country="${to.country}"]`)?.focus();
  };
  return (
    <div className="map" ref={frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing's group of countries; SVG has no fieldset */}
      <svg
        ref={svg}
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="group"
        aria-labelledby={title}
        onKeyDown={walk}
      >
        <title id={title}>
          {t('map.title', { what: t(`map.${shows}`, { variant: variant ?? '' }) })}. {t('map.instructions')}
        </title>
        <Patterns />
        {drawn.map((country) => (
          <path
            key={country.path}
            className="land"
            d={country.path}
            data-member={byCountry.has(country.country) || undefined}
          />
        ))}
        {members.map((country) => (
          <MemberRegion
            key={country.country}
            drawn={country}
            value={byCountry.get(country.country)!}
            scale={scale}
            label={describe(byCountry.get(country.country)!)}
            isTabStop={country.country === tabStop}
            onPoint={setPointed}
            onFocus={setCurrent}
          />
        ))}
      </svg>
      {shown !== undefined && (
        <Tooltip
          x={shown.centre[0]}
          y={shown.centre[1]}
          width={width}
          name={format.country(shown.country)}
          value={byCountry.get(shown.country)!}
          text={describe(byCountry.get(shown.country)!)}
        />
      )}
      <Legend values={values} scale={scale} shows={shows} />
    </div>
  );
}

interface MemberRegionProps {
  readonly drawn: DrawnCountry;
  readonly value: CountryValue;
  readonly scale: ClassScale;
  readonly label: string;
  readonly isTabStop: boolean;
  readonly onPoint: (country: string | undefined) => void;
  readonly onFocus: (country: string) => void;
}

function MemberRegion({
  drawn,
  value,
  scale,
  label,
  isTabStop,
  onPoint,
  onFocus,
}: MemberRegionProps): ReactNode {
  const format = useFormat();
  const [number] = numberOf(value);
  return (
    <Region
      drawn={drawn}
      look={number === undefined ? lookOf(value) : { classIndex: scale.classOf(number) }}
      text={textOf()}
      isTabStop={isTabStop}
      label={`${format.country(value.country)}: ${label}`}
      attributes={{
        'data-country': value.country,
        'data-state': value.state,
        'data-count': countAttribute(value.count),
        'data-frequency': value.frequency && frequencyAttribute(value.frequency),
      }}
      onPoint={onPoint}
      onFocus={onFocus}
    />
  );

  function textOf(): string {
    if (value.state !== 'answered') return '';
    if (value.frequency?.kind === 'shown') return format.frequency(value.frequency.alleleFrequency);
    return value.count === undefined ? '' : format.disclosed(value.count);
  }
}

function numberOf({ count, frequency }: CountryValue): number[] {
  if (frequency?.kind === 'shown') return [frequency.alleleFrequency];
  return count?.kind === 'shown' ? [count.value] : [];
}

function lookOf({ state, count, frequency }: CountryValue): 'hidden' | 'nothing' | 'missing' {
  if (count?.kind === 'suppressed' || frequency?.kind === 'suppressed') return 'hidden';
  return state === 'answered' ? 'nothing' : 'missing';
}
