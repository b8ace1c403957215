import { isMet, margin, type Target } from './targets.ts';

const [WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM] = [960, 400, 150, 24, 44, 34];

/**
 * The targets as bars on a logarithmic axis, in SVG that follows the reader's light or dark scheme: how many times
 * better than each target, 1 being just met.
 */
export function plotOf(targets: readonly Target[]): string {
  const shown = targets.flatMap((target) => {
    const times = margin(target);
    return times === undefined ? [] : [{ target, times }];
  });
  const logs = shown.map(({ times }) => Math.log10(times));
  const low = Math.floor(Math.min(-1, ...logs));
  const high = Math.ceil(Math.max(1, ...logs));
  const x = (times: number): number =>
    LEFT + ((Math.log10(times) - low) / (high - low)) * (WIDTH - LEFT - RIGHT);
  const height = TOP + shown.length * ROW + BOTTOM;
  const bottom = height - BOTTOM;
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="How many times better than each target">`,
    `<style>${STYLE}</style>`,
    text(LEFT, 18, 'how many times better than the target (1: just met)', 'axis'),
    ...ticks.flatMap((tick) => [
      `<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${TOP - 8}" y2="${bottom}"/>`,
      text(x(tick), bottom + 18, `${tick} ×`, 'axis middle'),
    ]),
    ...shown.flatMap(({ target, times }, row) => {
      const y = TOP + row * ROW;
      const [from, to] = [Math.min(x(1), x(times)), Math.max(x(1), x(times))];
      return [
        text(LEFT - 10, y + 13, labelOf(target), 'end'),
        `<rect class="${isMet(target) ? 'met' : 'short'}" x="${px(from)}" y="${y + 2}" width="${px(Math.max(1, to - from))}" height="14" rx="2"/>`,
        text(Math.max(to, x(1)) + 6, y + 13, `${measuredOf(target)} (${wantedOf(target)})`, 'value'),
      ];
    }),
    `<line class="target" x1="${px(x(1))}" x2="${px(x(1))}" y1="${TOP - 12}" y2="${bottom}"/>`,
    '</svg>',
  ].join('\n')}\n`;
}

const STYLE = [
  'text{font:12px system-ui,sans-serif;fill:#24292f}.axis{fill:#57606a}.middle{text-anchor:middle}.end{text-anchor:end}',
  '.grid{stroke:#d0d7de}.target{stroke:#24292f;stroke-width:2}.met{fill:#1a7f5a}.short{fill:#c2570c}',
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.axis{fill:#9198a1}.grid{stroke:#3d444d}.target{stroke:#e6edf3}',
  '.met{fill:#3fb98a}.short{fill:#f0883e}}',
].join('');

function labelOf({ what, against }: Target): string {
  const short = what.replace(/,000,000 people/, 'M').replace(/,000 people/, 'k');
  return against === '' ? short : `${short} / ${against}`;
}

/** The measured value with its unit. */
export function measuredOf({ unit, measured }: Target): string {
  return measured === undefined ? 'not run' : withUnit(measured, unit);
}

/** What the target asks for. */
export function wantedOf({ unit, target }: Target): string {
  return `${unit === '×' ? '≥' : '≤'} ${withUnit(target, unit)}`;
}

function withUnit(value: number, unit: Target['unit']): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = Number(value.toFixed(digits)).toLocaleString('en');
  return unit === 'of the peer' ? number : `${number} ${unit}`;
}

function text(x: number, y: number, content: string, style: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${style}" x="${px(x)}" y="${y}">${escaped}</text>`;
}

function px(value: number): string {
  return value.toFixed(1);
}
