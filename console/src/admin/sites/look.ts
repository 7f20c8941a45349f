import { contrast, ENOUGH, isColour, mix, readable } from "./colour.ts";

/** The widget's colours by day or by night, as the server keeps them. */
export interface Palette {
  accent: string;
  hover: string;
  on_accent: string;
  soft: string;
  on_soft: string;
}

/** How a site's widget looks; what is left out is as the widget comes. */
export interface Look {
  position?: string;
  theme?: string;
  bubble?: string;
  light?: Palette;
  dark?: Palette;
}

/** The grounds and inks of the widget, from web/palette.css: what a site's colours stand on. */
export const GROUND = {
  light: { paper: "#fffdfa", raised: "#ffffff", sunken: "#efe9e0", ink: "#26221e" },
  dark: { paper: "#1c1a18", raised: "#252220", sunken: "#2c2926", ink: "#f1ece5" },
} as const;

export type Side = keyof typeof GROUND;

/** The widget's own colours, which a site begins with. */
export const OWN: Record<Side, Palette> = {
  light: { accent: "#1d6a5c", hover: "#15564a", on_accent: "#ffffff", soft: "#e1efeb", on_soft: "#17564b" },
  dark: { accent: "#86cfbd", hover: "#a0dccd", on_accent: "#0d2a24", soft: "#22352f", on_soft: "#b4e2d6" },
};

/** paletteOf makes the colours of one side from the two that are chosen: that of buttons, and that of words on them. */
export function paletteOf(side: Side, accent: string, on: string): Palette {
  const { paper, ink } = GROUND[side];
  if (accent === OWN[side].accent && on === OWN[side].on_accent) return OWN[side];
  const soft = mix(accent, paper, side === "light" ? 0.12 : 0.18);
  return { accent, hover: mix(accent, ink, 0.84), on_accent: on, soft, on_soft: readable(mix(accent, ink, 0.75), soft, ink) };
}

/** onFor gives white or near black, whichever can be read better on a colour. */
export const onFor = (accent: string): string => (contrast("#ffffff", accent) >= contrast("#14110e", accent) ? "#ffffff" : "#14110e");

/** What cannot be read well: which pair, and its contrast. */
export interface Faint {
  pair: "on" | "text";
  ratio: number;
}

/** faint lists the pairs of one side whose contrast is too small: words on buttons, and the colour itself as words. */
export function faint(side: Side, accent: string, on: string): Faint[] {
  if (!isColour(accent) || !isColour(on)) return [];
  const pairs: readonly Faint[] = [{ pair: "on", ratio: contrast(on, accent) }, { pair: "text", ratio: contrast(accent, GROUND[side].paper) }];
  return pairs.filter((p) => p.ratio < ENOUGH);
}
