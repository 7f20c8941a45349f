// What a shop would have set by its second week: so that pictures of the administration show it at work, and not empty.

const ARTICLES = [
  { language: "en", title: "How long a parcel takes", topics: ["order_status", "delivery_problem"], state: "approved", body: "# How long a parcel takes\n\nParcels leave our warehouse **within one working day**. Then they take:\n\n- inside the country: 1 to 2 days\n- to neighbouring countries: 3 to 5 days\n\nThe link in the dispatch e-mail shows where a parcel is." },
  { language: "en", title: "Sending something back", topics: ["return_refund"], state: "approved", body: "# Sending something back\n\nMost things can come back within 14 days of receiving them. Print the label under *My orders*, and drop the parcel at any pick-up point. The money goes back within 14 days." },
  { language: "hu", title: "Meddig tart a kiszállítás", topics: ["delivery_problem"], state: "draft", body: "# Meddig tart a kiszállítás\n\nA csomagok egy munkanapon belül elindulnak a raktárunkból. Belföldre 1–2 nap." },
];

const PEOPLE = [
  { name: "Eszter", email: "eszter@shop.example", grade: "agent", level: 2, capacity: 3, skills: ["returns", "delivery"], languages: ["hu", "en"] },
  { name: "李娜", email: "lina@shop.example", grade: "agent", level: 1, capacity: 4, skills: [], languages: ["zh", "en"] },
];

/** furnish writes it through the interface that the pages use; page is signed in as an administrator. */
export async function furnish(page) {
  const rest = async (method, path, body) => {
    const { status, answer } = await page.evaluate(async ([m, p, b]) => {
      const res = await fetch(`/api/v1${p}`, { method: m, headers: b ? { "Content-Type": "application/json" } : {}, body: b ? JSON.stringify(b) : undefined });
      return { status: res.status, answer: await res.json().catch(() => undefined) };
    }, [method, path, body]);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  for (const a of ARTICLES) await rest("POST", "/articles", a);
  for (const p of PEOPLE) await rest("POST", "/users", p);
  const { data } = await rest("GET", "/policies/live");
  await rest("POST", "/policies", { version: 1, reason: "Calls a person sooner when anger grows", data: { ...data, anger_level_at: 0.75 } });
  await rest("POST", "/policies", { version: 2, reason: "Fewer guesses at invoices", data: { ...data, anger_level_at: 0.75, answer_at: 0.55 } });
  const { rules, version } = await rest("GET", "/rules");
  const week = Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((d) => [d, ["09:00-17:00"]]));
  const returns = { mode: "push", hours: { zone: "Europe/Budapest", week, holidays: ["2026-12-25", "2026-12-26"] } };
  await rest("PUT", "/rules", { version, reason: "Returns has office hours", rules: { ...rules, skills: { ...rules.skills, returns } } });
  await rest("PUT", "/webhooks", { webhooks: [{ url: "https://crm.example/ombud", kinds: [] }] });
}
