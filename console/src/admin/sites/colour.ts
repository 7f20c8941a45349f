/** Colours as #rrggbb in small letters, and what eyes make of them (WCAG 2.2, relative luminance and contrast). */

type RGB = readonly [number, number, number];

/** isColour reports whether a text is one. */
export const isColour = (c: string): boolean => /^#[0-9a-f]{6}$/.test(c);

const parts = (c: string): RGB => [1, 3, 5].map((i) => Number.parseInt(c.slice(i, i + 2), 16)) as unknown as RGB;

const write = (rgb: readonly number[]): string => `#${rgb.map((n) => Math.round(Math.min(255, Math.max(0, n))).toString(16).padStart(2, "0")).join("")}`;

function luminance(c: string): number {
  const [r, g, b] = parts(c).map((n) => (n / 255 <= 0.03928 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4)) as unknown as RGB;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** contrast gives that of two colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** mix gives a colour between two: `share` of the first. */
export const mix = (a: string, b: string, share: number): string => write(parts(a).map((n, i) => n * share + (parts(b)[i] ?? 0) * (1 - share)));

/** The contrast that text needs. */
export const ENOUGH = 4.5;

/** readable moves a colour towards `end` until text in it can be read on `ground`. */
export function readable(c: string, ground: string, end: string): string {
  for (let share = 1; share > 0; share -= 0.05) {
    const out = mix(c, end, share);
    if (contrast(out, ground) >= ENOUGH) return out;
  }
  return end;
}
