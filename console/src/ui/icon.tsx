const PATHS = {
  inbox: "M2.5 9.5h3l1 2h3l1-2h3M2.5 9.5v3h11v-3M2.5 9.5 4.5 3.5h7l2 6",
  chat: "M2.5 3.5h11v7.5h-6l-3 2.5v-2.5h-2z",
  brief: "M4 2.5h6l2.5 2.5v8.5h-8.5zM6 7h4.5M6 9.5h4.5M6 4.8h2",
  gear: "M2.5 4.5h6M11.5 4.5h2M8.5 4.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M2.5 11.5h2M7.5 11.5h6M4.5 11.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0",
  help: "M5.8 6.2a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12v.2M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9M10.3 10.3l3.2 3.2",
  check: "M3 8.5l3.2 3.2L13 4.8",
  checks: "M1.5 8.5l3 3 6-6.5M7.5 11l.6.6 6.4-6.8",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.8V8l2.2 1.5",
  alert: "M8 2.3 14.2 13.2H1.8zM8 6.2v3.2M8 11.2v.2",
  close: "M4 4l8 8M12 4l-8 8",
  transfer: "M2.5 5.5h9M9 3l2.5 2.5L9 8M13.5 10.5h-9M7 8l-2.5 2.5L7 13",
  up: "M8 13V3.5M4 7.3 8 3.3l4 4",
  bot: "M3 6h10v7H3zM8 6V3M6 9v1M10 9v1M1.5 8.5v2M14.5 8.5v2",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  down: "M4 6.2l4 4 4-4",
  right: "M6 4l4 4-4 4",
  note: "M3 2.5h10v7.5l-3.5 3.5H3zM13 10H9.5v3.5",
  send: "M2.5 8 13.5 3l-3 10.5-3-4zM7.5 9.5 13.5 3",
  out: "M9.5 2.5h-6v11h6M7 8h7M11.5 5.5 14 8l-2.5 2.5",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M2 8h12M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12",
  link: "M6.5 9.5l3-3M7 4.5l1.2-1.2a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5l-1.2 1.2a2.8 2.8 0 0 1-4-4L5 7.5",
  user: "M8 2.5a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6M2.8 13.8c.6-3 2.6-4.3 5.2-4.3s4.6 1.3 5.2 4.3",
  promise: "M3.5 8.5 7 12l6-7.5M2 3h7",
  copy: "M5.5 5.5h8v8h-8zM2.5 10.5v-8h8",
  sun: "M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6M8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1",
  trendUp: "M2 11.5 6.5 7l2.5 2.5L14 4.5M10.5 4.5H14V8",
  trendDown: "M2 4.5 6.5 9l2.5-2.5L14 11.5M10.5 11.5H14V8",
  trendFlat: "M2 8h12M11 5l3 3-3 3",
  ear: "M5 6.5a3.5 3.5 0 1 1 6.3 2.1c-.9 1.2-1.8 1.6-1.8 3a1.9 1.9 0 0 1-3.4 1.2M7.2 6.6a1.4 1.4 0 1 1 2.2 1.2",
  gift: "M2.5 6h11v2.5h-11zM3.5 8.5h9v5h-9zM8 6v7.5M8 6C5 6 4.6 2.5 6.3 2.5S8 6 8 6s.1-3.5 1.7-3.5S11 6 8 6",
  phone: "M4 2.5h2.3l1.2 3-1.5 1.2a7 7 0 0 0 3.3 3.3l1.2-1.5 3 1.2V12c0 .8-.7 1.5-1.5 1.5A9.5 9.5 0 0 1 2.5 4c0-.8.7-1.5 1.5-1.5",
  team: "M5.5 3a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 0 0 0-4.4M1.5 12.8c.4-2.5 2-3.6 4-3.6s3.6 1.1 4 3.6M10.5 3.3a2.1 2.1 0 0 1 0 4M11.3 9.4c1.7.3 2.9 1.4 3.2 3.4",
  wall: "M2 3h12v8.5H2zM5.5 13.8h5M4.5 9V7M7 9V5.5M9.5 9V6.5M12 9V5",
  gauge: "M2.2 12a6.2 6.2 0 1 1 11.6 0M8 9.5 10.8 6M4.2 12h7.6",
  moon: "M13 9.8A5.5 5.5 0 0 1 6.2 3a5.5 5.5 0 1 0 6.8 6.8",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  sliders: "M3.5 2.5v4M3.5 9.5v4M8 2.5v7M8 12.5v1M12.5 2.5v1.5M12.5 7v6.5M2 8h3M6.5 11h3M11 5.5h3",
  users: "M6 3a2.4 2.4 0 1 0 0 4.8A2.4 2.4 0 0 0 6 3M1.5 13c.4-2.6 2.2-3.8 4.5-3.8s4.1 1.2 4.5 3.8M10.5 3.2a2.4 2.4 0 0 1 0 4.4M12 9.6c1.4.6 2.3 1.7 2.5 3.4",
  calendar: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
  tag: "M2.5 2.5h5.2l6 6-5.2 5.2-6-6zM5.3 5.3h.01",
  bolt: "M9 1.8 3.5 9h4L7 14.2 12.5 7h-4z",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  server: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
  star: "M8 2.2l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6z",
  book: "M2.5 3h4c.9 0 1.5.6 1.5 1.5V13c0-.7-.6-1.2-1.3-1.2H2.5zM13.5 3h-4C8.6 3 8 3.6 8 4.5M8 13c0-.7.6-1.2 1.3-1.2h4.2V3",
  chart: "M2.5 13.5h11M4.5 11V8M8 11V3.5M11.5 11V6",
  plus: "M8 3v10M3 8h10",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  pencil: "M3 13l.6-2.8L10.8 3 13 5.2l-7.2 7.2z",
  download: "M8 2.5V10M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
  key: "M10.5 2.5a3 3 0 1 0 0 6a3 3 0 0 0 0-6M8.3 7.7l-5.8 5.8M4.5 11.5 6 13",
  site: "M2 3h12v10H2zM2 6h12M4 4.5h.01M6 4.5h.01",
  spark: "M8 2.5c.5 3.2 1.8 4.5 5 5-3.2.5-4.5 1.8-5 5-.5-3.2-1.8-4.5-5-5 3.2-.5 4.5-1.8 5-5M13 11.5v2.5M11.8 12.8h2.5",
  clip: "M12.5 7.5 7.8 12.2a2.9 2.9 0 0 1-4.1-4.1l5-5a1.9 1.9 0 0 1 2.7 2.7l-4.7 4.7a.9.9 0 0 1-1.3-1.3l4-4",
  doc: "M4 2.5h5.5L12 5v8.5H4zM9.5 2.5V5H12",
  refresh: "M13 8a5 5 0 1 1-1.5-3.6M13 2.5v2.3h-2.3",
} as const;

export type IconName = keyof typeof PATHS;

/** What points along the line of writing points the other way in a right-to-left language. */
const ALONG: readonly string[] = ["right", "send", "out", "chat", "list", "help"] satisfies IconName[];

/** Icon is decoration: what it means always stands beside it in words or in an accessible name. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class={ALONG.includes(name) ? "icon along" : "icon"} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
