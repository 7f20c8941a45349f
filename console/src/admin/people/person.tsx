import { useSignal } from "@preact/signals";
import { named } from "../../i18n/index.ts";
import { me } from "../../store/board.ts";
import { toast } from "../../store/toasts.ts";
import { admin, type Invitation, type Person, type RulesAnswer } from "../../wire/admin.ts";
import { Checks, Choice, confirm, Editor, Many, Num, numberError, parts, Text, Toggle, trouble, useForm, useResource, whole } from "../parts/index.ts";
import { Tokens } from "./tokens.tsx";
import { w } from "./words.ts";

/** The skills that the bot's topics ask for; rules may name further ones. */
const SKILLS = ["orders", "delivery", "returns", "billing", "accounts", "technical", "sales", "repairs", "complaints"];

/** The level from which on people are asked as experts. */
const EXPERT = 2;

interface Draft {
  name: string;
  email: string;
  grade: string;
  level: string;
  skills: string[];
  languages: string[];
  products: string[];
  capacity: number;
  invite: boolean;
  mail: boolean;
}

const draftOf = (p: Person | undefined): Draft => ({
  name: p?.name ?? "", email: p?.email ?? "", grade: p?.grade ?? "agent", level: String(p?.level ?? 1),
  skills: p?.skills ?? [], languages: p?.languages ?? [], products: p?.products ?? [], capacity: p?.capacity ?? 5, invite: !p, mail: false,
});

const fieldsOf = (d: Draft) => ({
  name: d.name.trim(), email: d.email.trim(), grade: d.grade, level: Number(d.level), skills: d.skills, languages: d.languages, products: d.products, capacity: d.capacity,
});

const check = (d: Draft) => ({
  name: d.name.trim() ? "" : parts.w("required"),
  email: /^\S+@\S+$/.test(d.email.trim()) ? "" : w("email_wrong"),
  capacity: numberError(d.capacity, 0, 1000),
});

export interface PersonProps {
  /** undefined for somebody new */
  of: Person | undefined;
  onClose(): void;
  onLink(of: Person, made: Invitation): void;
}

/** PersonSheet adds or changes somebody. */
export function PersonSheet({ of, onClose, onLink }: PersonProps) {
  const form = useForm(() => draftOf(of), [of]);
  const rules = useResource(admin.rules);
  const products = useResource(admin.products);
  const save = async (d: Draft) => {
    if (of) return admin.savePerson(of.id, { ...fieldsOf(d), disabled: of.disabled, version: of.version });
    const made = await admin.addPerson(fieldsOf(d));
    if (d.invite) onLink(made, await admin.invite(made.id, d.mail));
    return made;
  };
  const closed = (saved: boolean) => {
    if (saved) toast(of ? parts.w("saved") : w("created", { name: form.draft.value.name }));
    onClose();
  };
  const self = of?.id === me.value?.id;
  const skills = [...new Set([...SKILLS, ...Object.keys(rules.value.value?.rules.skills ?? {}).filter(Boolean), ...form.draft.value.skills])];
  const listed = (products.value.value ?? []).map((p) => ({ value: p.id, label: p.name }));
  return (
    <Editor title={of?.name ?? w("new")} form={form} save={save} check={check} onClose={closed} extra={of && !self && <Disable of={of} onDone={onClose} />}>
      <Text form={form} name="name" label={w("name")} hint={w("name_hint")} autofocus={!of} />
      <Text form={form} name="email" type="email" label={w("email")} />
      <div class="adm-two">
        <Choice form={form} name="grade" label={w("grade")} hint={self ? w("self") : w("grade_hint")} disabled={self} options={(["agent", "supervisor", "admin"] as const).map((g) => ({ value: g, label: w(`grade.${g}`) }))} />
        <Choice form={form} name="level" label={w("level")} hint={mandate(rules.value.value, Number(form.draft.value.level)) || w("level_hint")} options={[1, 2, 3, 4].map((l) => ({ value: String(l), label: `${l} · ${named("level", String(l))}` }))} />
      </div>
      <Num form={form} name="capacity" label={w("capacity")} hint={w("capacity_hint")} min={0} max={1000} />
      <Checks form={form} name="skills" label={w("skills")} hint={w("skills_hint")} options={skills.map((s) => ({ value: s, label: named("skill", s) }))} />
      <Many form={form} name="languages" label={w("languages")} hint={w("languages_hint")} optional clean={(x) => (/^[a-z]{2,3}(-[a-z0-9]{2,8})?$/i.test(x) ? x.toLowerCase() : undefined)} />
      {listed.length > 0 && Number(form.draft.value.level) >= EXPERT && <Checks form={form} name="products" label={w("products")} hint={w("products_hint")} options={listed} />}
      {!of && <Toggle form={form} name="invite" label={w("invite_after")} hint={w("invite_after_hint")} />}
      {!of && form.draft.value.invite && <Toggle form={form} name="mail" label={w("mail")} />}
      {of && !of.disabled && <Access of={of} onLink={onLink} />}
      {of && <Tokens of={of} />}
    </Editor>
  );
}

/** mandate says what a level may give, "" until the rules are known. */
function mandate(rules: RulesAnswer | undefined, level: number): string {
  const of = rules?.rules.levels.find((l) => l.level === level);
  if (!of) return "";
  const remedies = (of.remedies ?? []).map((r) => named("remedy", r).toLocaleLowerCase()).join(", ");
  return w("mandate", { remedies: remedies || "–", amount: whole(of.up_to / 100) });
}

function Access({ of, onLink }: { of: Person; onLink: PersonProps["onLink"] }) {
  const busy = useSignal(false);
  const make = async (mail: boolean) => {
    busy.value = true;
    try {
      onLink(of, await admin.invite(of.id, mail));
    } catch (err) {
      toast(trouble(err).text, "error");
    }
    busy.value = false;
  };
  return (
    <section>
      <h3>{w("access")}</h3>
      <p class="field-hint">{w("link_lead")}</p>
      <p class="adm-actions">
        <button type="button" class="button" disabled={busy.value} onClick={() => void make(false)}>
          {w("link")}
        </button>
        <button type="button" class="button" disabled={busy.value} onClick={() => void make(true)}>
          {w("mail")}
        </button>
      </p>
    </section>
  );
}

function Disable({ of, onDone }: { of: Person; onDone(): void }) {
  const flip = async () => {
    if (!of.disabled && !(await confirm({ title: w("disable_title", { name: of.name }), text: w("disable_text"), act: w("disable"), danger: true }))) return;
    try {
      await admin.savePerson(of.id, { ...fieldsOf(draftOf(of)), disabled: !of.disabled, version: of.version });
      toast(parts.w("saved"));
      onDone();
    } catch (err) {
      toast(trouble(err).text, "error");
    }
  };
  return (
    <button type="button" class={of.disabled ? "button" : "button adm-danger"} onClick={() => void flip()}>
      {w(of.disabled ? "enable" : "disable")}
    </button>
  );
}
