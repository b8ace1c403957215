import type { ReactNode } from 'react';
import { Icon, type IconName } from '../design/Icon.tsx';
import type { DrawnCountry } from './atlas.ts';

/** A class of the scale, or a look that is told apart by its pattern: hidden, nothing to show, no answer. */
export type Look = 'hidden' | 'nothing' | 'missing' | { readonly classIndex: number };

interface RegionProps {
  readonly drawn: DrawnCountry;
  readonly look: Look;
  /** Beside the country's code on the map; empty where there is no number. */
  readonly text: string;
  readonly label: string;
  readonly isTabStop: boolean;
  readonly attributes: Readonly<Record<`data-${string}`, string | undefined>>;
  readonly onPoint: (country: string | undefined) => void;
  readonly onFocus: (country: string) => void;
}

/** A member country: its shape, its code and number, and for whoever listens a sentence. */
export function Region({
  drawn,
  look,
  text,
  label,
  isTabStop,
  attributes,
  onPoint,
  onFocus,
}: RegionProps): ReactNode {
  const { country, path, isTiny, aside } = drawn;
  const [x, y] = drawn.centre;
  const isClass = typeof look === 'object';
  const state = attributes['data-state'];
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: focus shows the tooltip that pointing shows; nothing is operated
    <g
      className="region"
      role="img"
      aria-label={label}
      tabIndex={isTabStop ? 0 : -1}
      data-look={isClass ? 'class' : look}
      data-class={isClass ? look.classIndex : undefined}
      data-dark={isClass && look.classIndex >= 2 ? true : undefined}
      data-aside={aside !== undefined || undefined}
      {...attributes}
      onPointerEnter={() => onPoint(country)}
      onPointerLeave={() => onPoint(undefined)}
      onFocus={() => {
        onFocus(country);
        onPoint(country);
      }}
      onBlur={() => onPoint(undefined)}
    >
      <path className="region-base" d={path} />
      <path className="region-fill" d={path} />
      {isTiny && <circle className="region-base" cx={x} cy={y} r="9" />}
      {isTiny && <circle className="region-fill" cx={x} cy={y} r="9" />}
      {aside !== undefined ? (
        <Caption
          x={aside[0]}
          y={aside[1]}
          anchor="start"
          lines={[[country, text].filter(Boolean).join(' ')]}
        />
      ) : (
        <Caption
          x={x}
          y={text === '' ? y + 4 : y - 2}
          anchor="middle"
          lines={text === '' ? [country] : [country, text]}
        />
      )}
      {!isClass && look === 'missing' && state !== undefined && (
        <g transform={`translate(${x - 8} ${y + (aside === undefined ? 8 : -8)})`}>
          <StateMark state={state} />
        </g>
      )}
    </g>
  );
}

function Caption({
  x,
  y,
  anchor,
  lines,
}: {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle';
  readonly lines: readonly string[];
}): ReactNode {
  return (
    <text className="region-caption" x={x} y={y} textAnchor={anchor}>
      {lines.map((line, index) => (
        <tspan
          key={line}
          x={x}
          dy={index === 0 ? 0 : '1.15em'}
          className={index === 0 ? 'region-code' : 'region-number'}
        >
          {line}
        </tspan>
      ))}
    </text>
  );
}

const MARKS: readonly IconName[] = ['refused', 'timed-out', 'unreachable', 'invalid-answer', 'asking'];

function StateMark({ state }: { readonly state: string }): ReactNode {
  const name = MARKS.find((mark) => mark === state);
  return (
    name && (
      <>
        <circle className="region-mark" cx="8" cy="8" r="10" />
        <svg width="16" height="16" aria-hidden="true">
          <Icon name={name} />
        </svg>
      </>
    )
  );
}
