import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { adminPages } from "./admin/pages.ts";
import { Desk } from "./desk/desk.tsx";
import { LineState } from "./desk/line.tsx";
import { Overlays } from "./desk/overlays.tsx";
import { Rail } from "./desk/rail.tsx";
import { Setup } from "./setup/setup.tsx";
import { t } from "./i18n/index.ts";
import { Gate } from "./signin/gate.tsx";
import { SignIn, UseLink } from "./signin/signin.tsx";
import { unreachable } from "./store/acts.ts";
import { me } from "./store/board.ts";
import { route } from "./store/route.ts";
import { Toasts } from "./ui/toasts.tsx";

/** App shows the page that the address and the sign-in ask for. */
export function App() {
  return (
    <>
      <Page />
      <Toasts />
    </>
  );
}

function Page() {
  const at = route.value;
  if (at.page === "link") return <UseLink token={at.token} />;
  if (at.page === "setup") return <Setup token={at.token} />;
  if (unreachable.value) return <Away />;
  if (!me.value) return <SignIn />;
  if (at.page === "admin") return <Admin key={at.path} path={at.path} />;
  return <Desk />;
}

/** Away waits for a server that cannot be reached: whether one is signed in is not known yet. */
function Away() {
  return (
    <Gate title={t("app.name")}>
      <p role="status">{t("line.down")}</p>
    </Gate>
  );
}

/** Admin fetches the code of one page of the administration and shows it beside the rail. */
function Admin({ path }: { path: string }) {
  const found = adminPages.find((p) => p.path === path && p.allows(me.value));
  const view = useSignal<{ Body: ComponentType } | undefined>(undefined);
  useSignalEffect(() => {
    void found?.load().then((m) => (view.value = { Body: m.default }));
  });
  if (!found) return <Desk />;
  const Body = view.value?.Body;
  return (
    <div class="desk desk-admin">
      <Rail />
      <LineState />
      <main class="admin">{Body && <Body />}</main>
      <Overlays />
    </div>
  );
}
