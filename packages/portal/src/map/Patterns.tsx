import type { ReactNode } from 'react';

/** Fills that tell a hidden number and a missing answer apart without colour; referred to by design/map.css. */
export function Patterns(): ReactNode {
  return (
    <defs>
      <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatch-ground" width="7" height="7" />
        <rect className="hatch-line" width="2.2" height="7" />
      </pattern>
      <pattern id="speckle" width="8" height="8" patternUnits="userSpaceOnUse">
        <rect className="speckle-ground" width="8" height="8" />
        <circle className="speckle-dot" cx="2" cy="2" r="1" />
        <circle className="speckle-dot" cx="6" cy="6" r="1" />
      </pattern>
    </defs>
  );
}
