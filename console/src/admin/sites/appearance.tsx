import { locale } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { Choice, errorAt, type Form } from "../parts/index.ts";
import { isColour } from "./colour.ts";
import { faint, GROUND, onFor, OWN, paletteOf, type Look, type Side } from "./look.ts";
import { w } from "./words.ts";

/** The part of a site's form that is about how the widget looks. */
export interface LookDraft {
  position: string;
  theme: string;
  bubble: string;
  light: string;
  on_light: string;
  dark: string;
  on_dark: string;
}

/** lookDraft lays a look out as fields. */
export const lookDraft = (l: Look | undefined): LookDraft => ({
  position: l?.position || "right",
  theme: l?.theme || "auto",
  bubble: l?.bubble || "show",
  light: l?.light?.accent ?? OWN.light.accent,
  on_light: l?.light?.on_accent ?? OWN.light.on_accent,
  dark: l?.dark?.accent ?? OWN.dark.accent,
  on_dark: l?.dark?.on_accent ?? OWN.dark.on_accent,
});

const own = (d: LookDraft): boolean => d.light === OWN.light.accent && d.on_light === OWN.light.on_accent && d.dark === OWN.dark.accent && d.on_dark === OWN.dark.on_accent;

/** lookOf gives what is stored: only what is not as the widget comes. */
export const lookOf = (d: LookDraft): Look => ({
  ...(d.position === "right" ? {} : { position: d.position }),
  ...(d.theme === "auto" ? {} : { theme: d.theme }),
  ...(d.bubble === "show" ? {} : { bubble: d.bubble }),
  ...(own(d) ? {} : { light: paletteOf("light", d.light, d.on_light), dark: paletteOf("dark", d.dark, d.on_dark) }),
});

/** checkLook says which colours are none. */
export const checkLook = (d: LookDraft): Record<string, string> => Object.fromEntries((["light", "on_light", "dark", "on_dark"] as const).map((k) => [k, isColour(d[k]) ? "" : w("colour_wrong")]));

/** Appearance sets side, theme, button and colours, and shows at once what becomes of them. */
export function Appearance<T extends LookDraft>({ form }: { form: Form<T> }) {
  const d = form.draft.value;
  const at = form as unknown as Form<LookDraft>;
  const reset = () => (form.draft.value = { ...d, light: OWN.light.accent, on_light: OWN.light.on_accent, dark: OWN.dark.accent, on_dark: OWN.dark.on_accent });
  return (
    <section class="form site-look" aria-labelledby="site-look">
      <div>
        <h3 id="site-look">{w("look")}</h3>
        <p class="field-hint">{w("look_lead")}</p>
      </div>
      <div class="site-look-row">
        <Choice form={at} name="position" label={w("position")} options={[{ value: "right", label: w("right") }, { value: "left", label: w("left") }]} />
        <Choice form={at} name="theme" label={w("theme")} options={(["auto", "light", "dark"] as const).map((v) => ({ value: v, label: w(`theme.${v}`) }))} />
        <Choice form={at} name="bubble" label={w("bubble")} options={[{ value: "show", label: w("bubble.show") }, { value: "hide", label: w("bubble.hide") }]} />
      </div>
      {(["light", "dark"] as const).map((side) => (
        <Colours key={side} form={at} side={side} />
      ))}
      {!own(d) && (
        <p>
          <button type="button" class="button small" onClick={reset}>{w("colours_own")}</button>
        </p>
      )}
      <div class="site-previews">
        {(["light", "dark"] as const).filter((side) => d.theme === "auto" || d.theme === side).map((side) => (
          <Preview key={side} side={side} d={d} />
        ))}
      </div>
    </section>
  );
}

/** Colours are the two of one side, and what of them cannot be read. */
function Colours({ form, side }: { form: Form<LookDraft>; side: Side }) {
  const d = form.draft.value;
  const on = `on_${side}` as const;
  const pick = (accent: string) => {
    form.set(side, accent);
    if (isColour(accent)) form.set(on, onFor(accent)); // the better of white and black; another can be chosen
  };
  const bad = faint(side, d[side], d[on]);
  return (
    <fieldset class="field site-colours">
      <legend>{w(`colours.${side}`)}</legend>
      <Colour form={form} name={side} label={w("accent")} set={pick} />
      <Colour form={form} name={on} label={w("on_accent")} set={(v) => form.set(on, v)} />
      {bad.length > 0 && (
        <p class="site-faint" role="status">
          <Icon name="alert" />
          <span>
            {bad.map((b) => (
              <span key={b.pair}>{w(`faint.${b.pair}`, { ratio: new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }).format(b.ratio) })} </span>
            ))}
          </span>
        </p>
      )}
    </fieldset>
  );
}

function Colour({ form, name, label, set }: { form: Form<LookDraft>; name: "light" | "on_light" | "dark" | "on_dark"; label: string; set(v: string): void }) {
  const value = form.draft.value[name];
  const error = errorAt(form.errors.value, name);
  return (
    <div class="site-colour" data-field={name}>
      <label for={`f-${name}`}>{label}</label>
      <span>
        <input type="color" aria-label={w("pick", { name: label })} value={isColour(value) ? value : "#000000"} onInput={(e) => set(e.currentTarget.value)} />
        <input id={`f-${name}`} type="text" class="adm-code" dir="ltr" maxLength={7} spellcheck={false} value={value} aria-invalid={error ? true : undefined} aria-describedby={error ? `f-${name}-error` : undefined} onInput={(e) => set(e.currentTarget.value.trim().toLowerCase())} />
      </span>
      {error && <p class="field-error" id={`f-${name}-error`}>{error}</p>}
    </div>
  );
}

/** Preview draws the panel and the button as they would stand on a page. */
function Preview({ side, d }: { side: Side; d: LookDraft }) {
  const accent = isColour(d[side]) ? d[side] : OWN[side].accent;
  const on = isColour(d[`on_${side}`]) ? d[`on_${side}`] : OWN[side].on_accent;
  const p = paletteOf(side, accent, on);
  const g = GROUND[side];
  const colours = { "--p-paper": g.paper, "--p-raised": g.raised, "--p-sunken": g.sunken, "--p-ink": g.ink, "--p-accent": p.accent, "--p-on": p.on_accent, "--p-soft": p.soft, "--p-on-soft": p.on_soft };
  return (
    <figure class={`site-preview site-preview-${d.position === "left" ? "left" : "right"}`} style={colours} data-side={side}>
      <figcaption class="sr-only">{w("preview", { side: w(`theme.${side}`), position: w(d.position === "left" ? "left" : "right") })}</figcaption>
      <div class="site-panel" aria-hidden="true">
        <p class="site-panel-head">{w("preview_head")}</p>
        <p class="site-said">{w("preview_bot")}</p>
        <p class="site-said site-said-own">{w("preview_visitor")}</p>
        <p class="site-place">{w("preview_place")}</p>
        <p class="site-quick">
          <span>{w("preview_reply")}</span>
        </p>
        <p class="site-write">
          <span />
          <i>
            <Icon name="send" />
          </i>
        </p>
      </div>
      {d.bubble === "show" && (
        <span class="site-button" aria-hidden="true">
          <Icon name="chat" size={20} />
        </span>
      )}
    </figure>
  );
}
