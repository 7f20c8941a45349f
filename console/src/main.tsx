import "./style/base.css";
import "./style/parts.css";
import "./style/forms.css";
import { render } from "preact";
import { boardAlerts, eventAlerts } from "./alerts/alerts.ts";
import { App } from "./app.tsx";
import { unnamed } from "./i18n/format.ts";
import { choose, named, speak, t } from "./i18n/index.ts";
import { showBadge, showIcon } from "./desk/badge.ts";
import { begin, leaveDesk, unreachable } from "./store/acts.ts";
import { board, onBoardChange } from "./store/board.ts";
import { heldByMe, onLink } from "./store/link.ts";
import { applyTheme, language } from "./store/prefs.ts";
import { route } from "./store/route.ts";
import { toast } from "./store/toasts.ts";

onBoardChange(boardAlerts);
onLink({
  signedOut() {
    leaveDesk();
    toast(t("line.signed_out"), "warn");
  },
  events(conversation, fresh) {
    const visitor = board.value.get(conversation)?.visitor;
    if (heldByMe(conversation)) eventAlerts(conversation, fresh, visitor?.name || unnamed(visitor?.id));
  },
  letterFailed(_letter, refusal) {
    toast(t("chat.not_sent", { why: named("refused", refusal.code) }), "error");
  },
});

async function start(): Promise<void> {
  showIcon(false);
  applyTheme();
  await speak(choose(language.value, navigator.languages));
  showBadge(0);
  const root = document.getElementById("app");
  // A one-time page begins without a session; anything else asks whether there is one.
  const page = route.value.page;
  if (page !== "link" && page !== "setup" && page !== "join") await Promise.race([begin(), signalled()]);
  if (root) render(<App />, root);
}

/** signalled resolves when the server turns out to be away. */
function signalled(): Promise<void> {
  return new Promise((done) => {
    const stop = unreachable.subscribe((away) => {
      if (!away) return;
      queueMicrotask(() => stop());
      done();
    });
  });
}

void start();
