import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { pageOf, type AdminPage } from "./admin/pages.ts";
import { Desk } from "./desk/desk.tsx";
import { LineState } from "./desk/line.tsx";
import { Overlays } from "./desk/overlays.tsx";
import { Rail } from "./desk/rail.tsx";
import { t } from "./i18n/index.ts";
import { Gate } from "./signin/gate.tsx";
import { SignIn, UseLink } from "./signin/signin.tsx";
import { unreachable } from "./store/acts.ts";
import { isSupervisor, me } from "./store/board.ts";
import { route } from "./store/route.ts";
import { lazy } from "./ui/lazy.tsx";
import { Toasts } from "./ui/toasts.tsx";

const Setup = lazy(() => import("./setup/setup.tsx"));
const Join = lazy(() => import("./join/page.tsx"));
const WallPage = lazy(() => import("./wall/page.tsx"));

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
  if (at.page === "join") return <Join token={at.token} />;
  if (at.page === "setup") return <Setup token={at.token} />;
  if (unreachable.value) return <Away />;
  if (!me.value) return <SignIn />;
  if (at.page === "wall" && isSupervisor.value) return <WallPage />;
  if (at.page === "admin") return <Admin path={at.path} />;
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

/** The frame of the administration, once its code has come. */
const frame = signal<{ Frame: ComponentType<{ page: AdminPage }> } | undefined>(undefined);

/** Admin fetches the frame of the administration and shows one of its pages beside the rail. */
function Admin({ path }: { path: string }) {
  const page = pageOf(path, me.value);
  useEffect(() => {
    if (page && !frame.value) void import("./admin/frame.tsx").then((m) => (frame.value = { Frame: m.default }));
  }, [page]);
  if (!page) return <Desk />;
  const Frame = frame.value?.Frame;
  return (
    <div class="desk desk-admin">
      <Rail />
      <LineState />
      {Frame ? <Frame page={page} /> : <main class="admin" />}
      <Overlays />
    </div>
  );
}
