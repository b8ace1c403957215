import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { roundUp } from '../answer/scale.ts';
import { useFormat } from '../language/use-format.ts';
import type { Bucket } from './audit.ts';
import { type Column, columnsOf, PARTS } from './columns.ts';

const WIDTH = 900;
const HEIGHT = 180;
const LEFT = 60;
const BELOW = 24;

/** Questions a day as columns, each in parts: how far askers were let in, and what was refused. */
export function Timeline({ buckets }: { readonly buckets: readonly Bucket[] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = columnsOf(buckets);
  if (columns.length === 0) return <p className="quiet">{t('audit.nothing')}</p>;
  const highest = roundUp(Math.max(2, ...columns.map(({ total }) => total)));
  const total = columns.reduce((sum, column) => sum + column.total, 0);
  const refused = columns.reduce((sum, column) => sum + column.parts.refused, 0);
  const [first, last] = [columns[0]?.day ?? '', columns.at(-1)?.day ?? ''];
  const label = t('audit.plotLabel', { total, refused, first, last });
  return (
    <figure className="timeline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + BELOW}`} role="img" aria-label={label}>
        {[0, 0.5, 1].map((share) => (
          <g key={share} className="timeline-tick">
            <line x1={LEFT} x2={WIDTH} y1={HEIGHT * (1 - share)} y2={HEIGHT * (1 - share)} />
            <text x={LEFT - 6} y={HEIGHT * (1 - share) + (share === 1 ? 12 : 4)} textAnchor="end">
              {format.count(highest * share)}
            </text>
          </g>
        ))}
        {columns.map((column, at) => (
          <DayColumn key={column.day} column={column} at={at} of={columns.length} highest={highest} />
        ))}
        <text className="timeline-day" x={LEFT} y={HEIGHT + 18}>
          {first}
        </text>
        {last !== first && (
          <text className="timeline-day" x={WIDTH} y={HEIGHT + 18} textAnchor="end">
            {last}
          </text>
        )}
      </svg>
      <figcaption className="timeline-legend">
        {PARTS.map((part) => (
          <span key={part}>
            <span className="timeline-key" data-part={part} /> {t(`audit.part.${part}`)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface DayColumnProps {
  readonly column: Column;
  readonly at: number;
  readonly of: number;
  readonly highest: number;
}

function DayColumn({ column, at, of, highest }: DayColumnProps): ReactNode {
  const pitch = (WIDTH - LEFT) / of;
  let below = 0;
  return (
    <g>
      {PARTS.map((part) => {
        const height = (column.parts[part] / highest) * HEIGHT;
        below += height;
        return (
          <rect
            key={part}
            className="timeline-part"
            data-part={part}
            x={LEFT + at * pitch}
            y={HEIGHT - below}
            width={Math.max(1, Math.min(40, pitch) - 1)}
            height={height}
          />
        );
      })}
    </g>
  );
}
