import type { NetworkOverview } from '@federome/client';
import type { DisclosedCount } from '@federome/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';

const SQUARES = 1_000;

/** How far the network is towards its target, drawn to scale: 1,000 squares are all of it. */
export function Progress({ overview }: { readonly overview: UseQueryResult<NetworkOverview> }): ReactNode {
  const { t } = useTranslation();
  return (
    <aside className="progress" aria-labelledby="progress-title">
      <h2 id="progress-title" className="overline">
        {t('progress.title')}
      </h2>
      {overview.data !== undefined && <Figure overview={overview.data} />}
      {overview.isPending && <p className="quiet">{t('progress.loading')}</p>}
      {overview.isError && overview.data === undefined && (
        <p className="quiet">
          <Icon name="problem" /> {t('error.unreachable')}
        </p>
      )}
    </aside>
  );
}

function Figure({ overview }: { readonly overview: NetworkOverview }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { genomes, target } = overview.progress;
  const share = format.share(genomes / target);
  const each = target / SQUARES;
  return (
    <>
      <p className="progress-figure">
        <strong>{format.count(genomes)}</strong>
        <span>
          {t('progress.of', { target })} · {share}
        </span>
      </p>
      <Squares
        filled={(genomes / target) * SQUARES}
        label={t('progress.figure', { genomes, target, share, each })}
      />
      <p className="quiet small">{t('progress.each', { each })}</p>
      <h3 className="overline">{t('progress.members')}</h3>
      <ul className="members">
        {overview.members.map((member) => (
          <li key={member.id} data-country={member.country} data-state={member.state}>
            <span className="member-state" title={t(`state.${member.state}`)}>
              <Icon name={member.state} />
              <span className="visually-hidden">{t(`state.${member.state}`)}</span>
            </span>
            <span className="member-name">{format.country(member.country)}</span>
            <span className="member-genomes">
              <Genomes genomes={member.genomes} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Genomes({ genomes }: { readonly genomes: DisclosedCount | undefined }): ReactNode {
  const { t } = useTranslation();
  if (genomes === undefined) return t('progress.unknownGenomes');
  if (genomes.kind === 'suppressed') return t('progress.fewGenomes', { below: genomes.below });
  return t('progress.genomes', { count: genomes.value });
}

const COLUMNS = 50;
const PITCH = 10;
const SIDE = 7.6;

function Squares({ filled, label }: { readonly filled: number; readonly label: string }): ReactNode {
  const rows = SQUARES / COLUMNS;
  const whole = Math.floor(filled);
  const part = filled - whole;
  const at = (index: number) => ({ x: (index % COLUMNS) * PITCH, y: Math.floor(index / COLUMNS) * PITCH });
  return (
    <svg
      className="squares"
      viewBox={`0 0 ${COLUMNS * PITCH - 2.4} ${rows * PITCH - 2.4}`}
      role="img"
      aria-label={label}
    >
      <defs>
        <pattern id="square" width={PITCH} height={PITCH} patternUnits="userSpaceOnUse">
          <rect className="square" width={SIDE} height={SIDE} rx="1.2" />
        </pattern>
      </defs>
      <rect width={COLUMNS * PITCH} height={rows * PITCH} fill="url(#square)" />
      {Array.from({ length: Math.min(whole, SQUARES) }, (_, index) => index).map((index) => (
        <rect key={index} className="square-filled" {...at(index)} width={SIDE} height={SIDE} rx="1.2" />
      ))}
      {part > 0 && whole < SQUARES && (
        <rect
          className="square-filled"
          x={at(whole).x}
          y={at(whole).y + SIDE * (1 - part)}
          width={SIDE}
          height={SIDE * part}
        />
      )}
    </svg>
  );
}
