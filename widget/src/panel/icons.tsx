/** @jsxImportSource ./dom */
// Line drawings of 24 by 24, in the colour of the text around them. Each stands beside a name, so none has its own.

const icon = (d: string) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={d} />
  </svg>
);

export const closeIcon = icon("M6 6l12 12M18 6L6 18");
export const moreIcon = icon("M4.5 12h1M11.5 12h1M18.5 12h1");
export const sendIcon = icon("M12 19V5M5.5 11.5L12 5l6.5 6.5");
export const sparkIcon = icon("M12 3.5l1.9 5.6 5.6 1.9-5.6 1.9L12 18.5l-1.9-5.6L4.5 11l5.6-1.9zM19 17v4M17 19h4");
export const peopleIcon = icon("M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.3 2.7-6 6-6s6 2.7 6 6M16 4.5a3.5 3.5 0 0 1 0 6M18 14.5c1.8.9 3 3 3 5.5");
export const downIcon = icon("M12 5v14M5.5 12.5L12 19l6.5-6.5");
