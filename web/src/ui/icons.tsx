// Line icons, 24 × 24, drawn for this product. Always beside words or a label, never alone in sense.

import type { ReactElement } from "react";

const paths = {
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  take: "M12 7.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM4.5 10.5 9 9h6l4.5 1.5M9.5 9v5L8 21M14.5 9v5l1.5 7M9.5 14h5",
  master: "M3.5 5h17v14h-17zM7.5 5v14M16.5 5v14M3.5 9.7h4M3.5 14.3h4M16.5 9.7h4M16.5 14.3h4",
  ledger: "M12 3l8 3v6c0 4.6-3.2 7.6-8 9-4.8-1.4-8-4.4-8-9V6zM8.5 12l2.5 2.5 4.5-5",
  rights: "M6 3h9l4 4v14H6zM14.5 3v4.5H19M9 12h7M9 15.5h7M9 8.5h2.5",
  monitoring: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l5 5M8 11h2l1.2-2.5L13 13l1-2",
  admin: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3 20c0-3.6 2.5-6 6-6s6 2.4 6 6M16 4.5a3.2 3.2 0 0 1 0 6M17.5 14.3c2.2.7 3.5 2.7 3.5 5.7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20.5 20.5",
  jobs: "M4 6h10M4 12h16M4 18h7M18 4v5M15.5 6.5h5",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18",
  moon: "M19.5 14.500A8 8 0 0 1 9.5 4.5 8 8 0 1 0 19.5 14.500Z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M18.7 5.300l-1.4 1.400M6.7 17.300l-1.4 1.4",
  system: "M3.5 5h17v11h-17zM8.5 20h7M12 16v4",
  play: "M8 5.500v13l10.5-6.500z",
  pause: "M8 5.500v13M16 5.500v13",
  next: "M7 6v12l7.5-6zM17.5 6v12",
  previous: "M17 6v12l-7.5-6zM6.5 6v12",
  loop: "M17 3l3 3-3 3M20 6H8a4 4 0 0 0-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 0 0 4-4v-1",
  sound: "M4 9.500v5h3.500L12 18.500v-13L7.5 9.500zM15.5 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  muted: "M4 9.500v5h3.500L12 18.500v-13L7.5 9.500zM16 9.500l5 5M21 9.500l-5 5",
  captions: "M3.5 5.500h17v13h-17zM10.5 10.500a2 2 0 1 0 0 3M17 10.500a2 2 0 1 0 0 3",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  help: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M12 16.500h.01",
  check: "M5 12.500l4.5 4.500L19 7.5",
  cross: "M6 6l12 12M18 6 6 18",
  warn: "M12 4 21 20H3zM12 10v4.500M12 17.300h.01",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5.500M12 7.700h.01",
  copy: "M8.5 8.500h11v11h-11zM15.5 8.500v-4h-11v11h4",
  download: "M12 4v11M7.5 10.5 12 15l4.5-4.500M4.5 19.500h15",
  upload: "M12 15V4M7.5 8.5 12 4l4.5 4.500M4.5 19.500h15",
  external: "M13.5 4.500h6v6M19.5 4.5 11 13M17.5 13.500v6h-13v-13h6",
  plus: "M12 5v14M5 12h14",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.2-5.300L19.5 9M19.5 4v5h-5",
  sort: "M8 5v14M5 16l3 3 3-3M16 19V5M13 8l3-3 3 3",
  up: "M12 19V5M6.5 10.5 12 5l5.5 5.5",
  down: "M12 5v14M6.5 13.5 12 19l5.5-5.5",
  left: "M19 12H5M10.5 6.5 5 12l5.5 5.5",
  right: "M5 12h14M13.5 6.5 19 12l-5.5 5.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2",
  bone: "M12 4v6M12 10l-6 3M12 10l6 3M12 10v5M12 15l-3 6M12 15l3 6",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.500c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
  out: "M14 4.500H5v15h9M10 12h10.500M17 8.500l3.5 3.5-3.5 3.5",
  book: "M5 4h10a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h10",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): ReactElement {
  return (
    <svg
      className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
