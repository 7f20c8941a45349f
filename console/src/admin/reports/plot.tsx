import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { Icon } from "../../ui/icon.tsx";
import { words } from "./words.ts";

export interface Line {
  name: string;
  /** a colour token, as --accent */
  colour: string;
  values: readonly (number | null)[];
}

export interface PlotProps {
  title: string;
  labels: readonly string[];
  lines: readonly Line[];
  /** draws bars side by side, for labels that are not an order */
  bars?: boolean;
  /** how a value reads at the axis */
  scale(value: number): string;
  /** round distances of the lines at the axis, for values that do not count in tens */
  steps?: number[];
  /** the sentence that says what the chart shows */
  sentence: string;
  /** name of the PNG file */
  file: string;
}

/** token gives the colour that a custom property stands for here and now: a canvas cannot read var(). */
function token(at: Element, name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  at.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Plot draws lines, one point for each label, with what they say in a sentence; the picture can be taken along as PNG. */
export function Plot(props: PlotProps) {
  const { title, labels, lines, scale, sentence } = props;
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const draw = () => {
      drawn.current?.destroy();
      drawn.current = new uPlot(optionsFor(at, props), [labels.map((_, i) => i), ...lines.map((l) => [...l.values])], at);
    };
    draw();
    const sized = new ResizeObserver(() => drawn.current?.setSize({ width: at.clientWidth, height: drawn.current.height }));
    sized.observe(at);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => {
      sized.disconnect();
      dark.removeEventListener("change", draw);
      drawn.current?.destroy();
      drawn.current = undefined;
    };
  }, [title, labels.join("|"), JSON.stringify(lines)]);
  const save = () => drawn.current && savePicture(drawn.current, box.current!, props);
  return (
    <figure class="rep-plot">
      <figcaption>
        <h2>{title}</h2>
        <p>{sentence}</p>
        <ul class="rep-legend" aria-hidden="true">
          {lines.map((l) => (
            <li key={l.name}>
              <i style={{ background: `var(${l.colour})` }} />
              {l.name}
            </li>
          ))}
        </ul>
        <button type="button" class="button small" onClick={save}>
          <Icon name="download" />
          PNG<span class="sr-only">: {title}</span>
        </button>
      </figcaption>
      <div dir="ltr" ref={box} class="rep-canvas" role="img" aria-label={`${title}. ${sentence}`} />
      <details>
        <summary>{words.w("as_table")}</summary>
        <Numbers title={title} labels={labels} lines={lines} scale={scale} />
      </details>
    </figure>
  );
}

function optionsFor(at: HTMLElement, { labels, lines, bars, scale, steps }: PlotProps): uPlot.Options {
  const [ink, line] = [token(at, "--ink-soft"), token(at, "--line")];
  const font = `12px ${getComputedStyle(at).fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 } };
  return {
    width: Math.max(at.clientWidth, 240), height: 220, padding: [8, null, null, null], legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false, ...(bars && { range: () => [-0.5, labels.length - 0.5] as [number, number] }) }, y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, ...(bars && { incrs: [1] }), values: (_u, at) => at.map((i) => (Number.isInteger(i) ? (labels[i] ?? "") : "")) },
      { ...axis, size: (_u, shown) => Math.max(40, 18 + 7 * Math.max(0, ...(shown ?? []).map((s) => s.length))), values: (_u, at) => at.map(scale), ...(steps && { incrs: steps }) },
    ],
    series: [
      {},
      ...lines.map((l, i) => {
        const colour = token(at, l.colour);
        if (bars) return { label: l.name, fill: colour, width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.3, 44], align: i ? 1 : -1 }) };
        return { label: l.name, stroke: colour, width: 2, dash: i ? [6, 4] : [], points: { show: labels.length < 40, size: 5, fill: colour }, spanGaps: true };
      }),
    ],
  };
}

/** What stands above a chart that is taken along, in px: its title, and what its colours mean. */
const HEADING = 58;

/** savePicture gives the chart as a PNG on the page's ground, with its title and its legend, so that it speaks alone. */
function savePicture(plot: uPlot, at: Element, { title, lines, file }: PlotProps): void {
  const from = plot.ctx.canvas;
  const ratio = from.width / plot.width;
  const to = document.createElement("canvas");
  [to.width, to.height] = [from.width, from.height + HEADING * ratio];
  const ink = to.getContext("2d");
  if (!ink) return;
  ink.fillStyle = token(at, "--raised");
  ink.fillRect(0, 0, to.width, to.height);
  ink.drawImage(from, 0, HEADING * ratio);
  ink.scale(ratio, ratio);
  const family = getComputedStyle(at).fontFamily;
  ink.fillStyle = token(at, "--ink");
  ink.font = `600 15px ${family}`;
  ink.fillText(title, 12, 24);
  ink.font = `12px ${family}`;
  let x = 12;
  for (const l of lines) {
    ink.fillStyle = token(at, l.colour);
    ink.fillRect(x, 39, 14, 4);
    ink.fillStyle = token(at, "--ink-soft");
    ink.fillText(l.name, x + 20, 45);
    x += 44 + ink.measureText(l.name).width;
  }
  to.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}

function Numbers({ title, labels, lines, scale }: Pick<PlotProps, "title" | "labels" | "lines" | "scale">) {
  return (
    <div class="adm-scroll rep-numbers" tabIndex={0} role="region" aria-label={title}>
      <table class="adm-table">
        <caption class="sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.w("part")}</th>
            {lines.map((l) => (
              <th key={l.name} scope="col" class="adm-end">{l.name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, i) => (
            <tr key={label} class="adm-row">
              <th scope="row">{label}</th>
              {lines.map((l) => {
                const value = l.values[i] ?? null;
                return <td key={l.name} class="adm-end">{value === null ? "–" : scale(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
