import type { ReactNode } from 'react';

/** Drawn on a grid of 16, in the colour of the text; the shapes alone tell the states apart. */
const SHAPES = {
  mark: (
    <>
      <path d="M3 3.5c5 0 5 9 10 9M3 12.5c5 0 5-9 10-9" />
      <circle className="mark-end" cx="3" cy="3.5" r="1.8" />
      <circle className="mark-end" cx="13" cy="3.5" r="1.8" />
      <circle className="mark-end" cx="3" cy="12.5" r="1.8" />
      <circle className="mark-end" cx="13" cy="12.5" r="1.8" />
    </>
  ),
  language: (
    <path d="M8 1.7a6.3 6.3 0 1 0 0 12.6A6.3 6.3 0 0 0 8 1.7ZM2 8h12M8 1.7c4 4 4 8.6 0 12.6M8 1.7c-4 4-4 8.6 0 12.6" />
  ),
  system: <path d="M2 3h12v8H2zM6 14h4M8 11v3" />,
  light: (
    <path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1" />
  ),
  dark: <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z" />,
  answered: <path d="m3 8.5 3.2 3.2L13 4.8" />,
  refused: <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM4.5 8h7" />,
  'timed-out': <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 4.8V8l2.2 2" />,
  unreachable: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />,
  'invalid-answer': <path d="M8 2.2 14.5 13.5h-13zM8 6.5v3.5M8 11.6v.4" />,
  asking: <path d="M8 2a6 6 0 1 1-6 6" />,
  hidden: <path d="M3 13 13 3M3 8.5 8.5 3M7.5 13 13 7.5" />,
  open: <path d="m4 6 4 4 4-4" />,
  ascending: <path d="m4 10 4-4 4 4" />,
  descending: <path d="m4 6 4 4 4-4" />,
  remove: <path d="m4 4 8 8M12 4l-8 8" />,
  download: <path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11" />,
  problem: <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 5v3.8M8 10.8v.4" />,
} as const;

export type IconName = keyof typeof SHAPES;

/** A picture beside words that say the same; hidden from whoever listens. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" data-icon={name} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  );
}
